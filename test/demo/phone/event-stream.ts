import { eventually } from '../../kit/eventually.js';

export interface EventStream {
  status: number;
  /** Waits for the first event of this name, of all that came, whose data fits. */
  wait<Data = Record<string, unknown>>(name: string, fits?: (data: Data) => boolean): Promise<Data>;
  events: ReadonlyArray<{ name: string; data: unknown }>;
  /** Resolves when the server has ended it. */
  ended: Promise<void>;
  close(): Promise<void>;
}

/** Reads server-sent events. */
export async function openEventStream(url: string): Promise<EventStream> {
  const aborter = new AbortController();
  const response = await fetch(url, { signal: aborter.signal });
  const events: Array<{ name: string; data: unknown }> = [];
  const ended = (async () => {
    let rest = '';
    const decoder = new TextDecoder();
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n\n');
      rest = parts.pop() ?? '';
      for (const part of parts) {
        const [, name, data] = /^event: (\S+)\ndata: (.*)$/m.exec(part) ?? [];
        if (name !== undefined && data !== undefined) events.push({ name, data: JSON.parse(data) as unknown });
      }
    }
  })().catch(() => undefined);
  return {
    status: response.status,
    events,
    ended,
    wait: async <Data>(name: string, fits: (data: Data) => boolean = () => true) =>
      (
        await eventually(() => events.find((event) => event.name === name && fits(event.data as Data)), {
          withinMs: 5_000,
        })
      ).data as Data,
    async close() {
      aborter.abort();
      await ended;
    },
  };
}
