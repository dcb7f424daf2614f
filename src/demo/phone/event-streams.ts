import type { ServerResponse } from 'node:http';
import { ProblemError } from '../../http/problem.js';

const maxStreams = 32;

/** A page with more unread data is disconnected: it reconnects automatically and gets the whole state. */
const maxBytesWaiting = 16 * 1_048_576;

const heartbeatMs = 15_000;

/** Sends server-sent events to all open pages. https://html.spec.whatwg.org/multipage/server-sent-events.html */
export function createEventStreams() {
  const streams = new Set<ServerResponse>();
  const heartbeat = setInterval(() => {
    for (const response of streams) response.write(':\n\n');
  }, heartbeatMs).unref();

  function write(response: ServerResponse, event: string, data: unknown): void {
    if (response.writableLength > maxBytesWaiting) response.destroy();
    else response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  return {
    get count() {
      return streams.size;
    },
    /**
     * Starts a stream with a first event.
     *
     * @throws {ProblemError} 503 when too many streams are open
     */
    open(response: ServerResponse, event: string, data: unknown): void {
      if (streams.size >= maxStreams) throw new ProblemError('too-many-pages');
      streams.add(response);
      response.once('close', () => streams.delete(response));
      response.writeHead(200, {
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
      });
      response.write('retry: 1000\n');
      write(response, event, data);
    },
    send(event: string, data: unknown): void {
      for (const response of streams) write(response, event, data);
    },
    close(): void {
      clearInterval(heartbeat);
      for (const response of streams) response.destroy();
    },
  };
}

export type EventStreams = ReturnType<typeof createEventStreams>;
