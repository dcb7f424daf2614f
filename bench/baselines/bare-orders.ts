/** Requests to the process with the bare workflow, over IPC. It responds with its measurements. */
export type BareOrder = { kind: 'throughput'; messages: number } | { kind: 'idle'; samples: number };

export type BareResponse =
  { kind: 'ready' } | { kind: 'measured'; values: number[] } | { kind: 'failed'; error: string };
