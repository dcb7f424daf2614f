import type { Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type Fault, faults, problemBody, ProblemError, problemType } from './problem.js';

/** What Node's parser finds, by its error's code; anything else is simply no HTTP. */
const faultOf: Partial<Record<string, Fault>> = {
  HPE_HEADER_OVERFLOW: 'headers-too-large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'body-too-large',
  ERR_HTTP_REQUEST_TIMEOUT: 'too-slow',
};

const details: Partial<Record<Fault, string>> = {
  'headers-too-large': 'Headers may have at most 16 KiB together.',
  'body-too-large': 'The chunks of the body have too long extensions.',
  'too-slow': 'Send the headers within 5 s and the whole request within 10 s.',
  'unknown-expectation': 'Only "100-continue" may be expected.',
};

/** Answers what never becomes a request, which Node would do without a body that says what is wrong. */
export function answerMalformed(server: Server): void {
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    // Gone, or in the middle of an answer that must not get a second one inside.
    if (error.code === 'ECONNRESET' || !socket.writable || hasAnswerUnderWay(socket)) return void socket.destroy();
    answer(socket, faultOf[error.code ?? ''] ?? 'bad-request');
  });
  // Without a listener Node breaks the connection off.
  server.on('connect', (_request, socket) => answer(socket, 'method-not-allowed', { Allow: 'GET, HEAD, POST' }));
  server.on('checkExpectation', (request) => answer(request.socket, 'unknown-expectation'));
}

function hasAnswerUnderWay(socket: Duplex & { _httpMessage?: { headersSent?: boolean } | null }): boolean {
  return socket._httpMessage?.headersSent === true;
}

function answer(socket: Duplex, fault: Fault, headers: Record<string, string> = {}): void {
  const { status, title } = faults[fault];
  const body = problemBody(new ProblemError(fault, details[fault] ?? 'This is not HTTP/1.1 as RFC 9112 has it.'));
  const head = Object.entries({ 'Content-Type': problemType, 'Content-Length': Buffer.byteLength(body), Connection: 'close', ...headers });
  socket.end(`HTTP/1.1 ${status} ${title}\r\n${head.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`);
  socket.once('finish', () => socket.destroy());
}
