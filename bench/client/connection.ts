import { connect, type Socket } from 'node:net';

/**
 * One HTTP/1.1 connection with at most one request at a time. It only parses what is needed to find a response's end.
 */
export class Connection {
  readonly #socket: Socket;
  #received: Buffer | undefined;
  #answered: ((status: number) => void) | undefined;
  #failed: ((error: Error) => void) | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk) => this.#take(chunk));
    socket.on('error', (error) => this.#failed?.(error));
    socket.on('close', () => this.#failed?.(new Error('the server closed the connection')));
  }

  /** Opens a connection. The first request waits in the socket until it is established. */
  static open(port: number): Connection {
    return new Connection(connect({ port, host: '127.0.0.1', noDelay: true }));
  }

  /**
   * Sends a request and calls `answered` with the status after the complete response; callbacks are faster than
   * promises.
   */
  send(request: Buffer, answered: (status: number) => void, failed: (error: Error) => void): void {
    this.#answered = answered;
    this.#failed = failed;
    this.#socket.write(request);
  }

  close(): void {
    this.#failed = undefined;
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    const received = this.#received ? Buffer.concat([this.#received, chunk]) : chunk;
    const headersEnd = received.indexOf('\r\n\r\n');
    if (headersEnd < 0 || received.length < headersEnd + 4 + contentLength(received, headersEnd)) {
      this.#received = received;
      return;
    }
    this.#received = undefined;
    this.#answered?.(Number(received.toString('latin1', 9, 12)));
  }
}

function contentLength(received: Buffer, headersEnd: number): number {
  const length = /\r\ncontent-length: (\d+)/i.exec(received.toString('latin1', 0, headersEnd))?.[1];
  if (length === undefined) throw new Error('a response has no Content-Length');
  return Number(length);
}
