/** The codes of gRPC that mean something here: https://grpc.io/docs/guides/status-codes/ */
export const grpcCode = { invalidArgument: 3, permissionDenied: 7, resourceExhausted: 8, failedPrecondition: 9, unimplemented: 12 } as const;

/** What the server, or the way to it, failed a call with; undefined where an error is none of gRPC. */
export function grpcCodeOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  return typeof code === 'number' ? code : grpcCodeOf(cause);
}
