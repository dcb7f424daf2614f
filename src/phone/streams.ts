import type { ServerResponse } from 'node:http';
import { ProblemError } from '../http/problem.js';

const mostStreams = 32;

/** A reader that lets this much pile up is cut off: it comes back by itself and gets the whole state. */
const mostBytesWaiting = 16 * 1_048_576;

const heartbeatMs = 15_000;

/** The pages that look, by server-sent events. https://html.spec.whatwg.org/multipage/server-sent-events.html */
export function createStreams() {
  const streams = new Set<ServerResponse>();
  const heartbeat = setInterval(() => {
    for (const response of streams) response.write(':\n\n');
  }, heartbeatMs).unref();

  function write(response: ServerResponse, event: string, data: unknown): void {
    if (response.writableLength > mostBytesWaiting) response.destroy();
    else response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  return {
    get count() {
      return streams.size;
    },
    /** @throws {ProblemError} 503 when there are as many as may be */
    open(response: ServerResponse, event: string, data: unknown): void {
      if (streams.size >= mostStreams) throw new ProblemError('too-many-pages');
      streams.add(response);
      response.once('close', () => streams.delete(response));
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
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
