/** The gRPC status codes that Answerback handles: https://grpc.io/docs/guides/status-codes/ */
export const grpcCode = {
  invalidArgument: 3,
  permissionDenied: 7,
  resourceExhausted: 8,
  failedPrecondition: 9,
  unimplemented: 12,
} as const;

/** Not in the list above: the server doesn't have what a call asks for. */
const grpcNotFound = 5;

/** A healthy server refuses a call with one of these codes. Any other error means that Temporal can't serve us. */
const refusals: ReadonlySet<number | undefined> = new Set(Object.values(grpcCode));

/** Returns the error's gRPC status code; undefined for other errors. */
export function grpcCodeOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  return typeof code === 'number' ? code : grpcCodeOf(cause);
}

/** Resolves with undefined when the server doesn't have what the call asks for. */
export async function ignoringAbsence<Result>(call: Promise<Result>): Promise<Result | undefined> {
  try {
    return await call;
  } catch (error) {
    if (grpcCodeOf(error) === grpcNotFound) return undefined;
    throw error;
  }
}

/**
 * Resolves with undefined when Temporal refuses the call, for example because of a permission, a rate limit or a
 * missing search attribute.
 */
export async function ignoringRefusal<Result>(call: Promise<Result>): Promise<Result | undefined> {
  try {
    return await call;
  } catch (error) {
    if (refusals.has(grpcCodeOf(error))) return undefined;
    throw error;
  }
}
