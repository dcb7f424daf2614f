interface StuckEntry {
  seq: number;
  /** When it was accepted, in Unix milliseconds. */
  at: number;
  messages: number;
  /** Absent when the message can't be read. */
  id?: string;
  reason: string;
  /** In Unix milliseconds. */
  retryAtMs: number;
}

interface StuckAdminOptions {
  inbox: { listStuck(after: number): Promise<StuckEntry[]>; retryStuck(): Promise<void> };
  forwarder: { retryStuck(): void };
}

/** Operators see which messages are stuck and why, and try them again at once. */
export function createStuckAdmin({ inbox, forwarder }: StuckAdminOptions) {
  return {
    async list(after: number) {
      const entries = await inbox.listStuck(after);
      const last = entries.at(-1);
      return {
        entries: entries.map(({ id, messages, at, reason, retryAtMs }) => ({
          ...(id !== undefined && { id }),
          messages,
          acceptedAt: new Date(at).toISOString(),
          reason,
          isDue: retryAtMs <= Date.now(),
        })),
        ...(last && { next: last.seq }),
      };
    },
    async retry() {
      await inbox.retryStuck();
      forwarder.retryStuck();
    },
  };
}
