/** What the process with the bare workflow is asked over IPC; it answers with its numbers. */
export type BareOrder = { kind: 'throughput'; messages: number } | { kind: 'idle'; samples: number };

export type BareAnswer = { kind: 'ready' } | { kind: 'measured'; values: number[] } | { kind: 'failed'; error: string };
