import type { Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { type Fault, faults } from './faults.js';
import { problemBody, ProblemError, problemType } from './problem.js';

/** What Node's parser finds, by its error's code; anything else is simply no HTTP. */
const faultOf: Partial<Record<string, Fault>> = {
  HPE_HEADER_OVERFLOW: 'headers-too-large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'body-too-large',
  ERR_HTTP_REQUEST_TIMEOUT: 'too-slow',
};

/** Answers what never becomes a request, which Node would do without a body that says what is wrong. */
export function answerMalformed(server: Server): void {
  const faulty = new WeakSet<Duplex>();
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
    // All that follows a fault is one too.
    if (faulty.has(socket)) return;
    faulty.add(socket);
    inTurn(socket, () => answer(socket, faultOf[error.code ?? ''] ?? 'bad-request'));
  });
  // Without a listener Node breaks the connection off.
  server.on('connect', (_request, socket) => {
    // Node listens to this socket no more: a sender that is gone by now would end the process.
    socket.on('error', () => socket.destroy());
    inTurn(socket, () => answer(socket, 'method-not-allowed', { Allow: 'GET, HEAD, POST' }));
  });
  server.on('checkExpectation', (_request, response) => {
    const { headers, body } = answerTo('unknown-expectation');
    response.writeHead(faults['unknown-expectation'].status, headers).end(body);
  });
}

/** Lets the requests before it on the connection have their answers first. */
function inTurn(socket: Duplex & { _httpMessage?: ServerResponse | null }, reply: () => void): void {
  const earlier = socket._httpMessage;
  if (earlier?.req.complete) return void earlier.once('finish', () => inTurn(socket, reply));
  // Gone, or in the middle of an answer that must not get a second one inside.
  if (!socket.writable || earlier?.headersSent) return void socket.destroy();
  reply();
}

function answer(socket: Duplex, fault: Fault, extraHeaders: Record<string, string> = {}): void {
  const { headers, body } = answerTo(fault);
  const head = Object.entries({ ...headers, Connection: 'close', ...extraHeaders });
  socket.end(`HTTP/1.1 ${faults[fault].status} ${faults[fault].title}\r\n${head.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`);
  socket.once('finish', () => socket.destroy());
}

function answerTo(fault: Fault) {
  const body = problemBody(new ProblemError(fault));
  return { headers: { 'Content-Type': problemType, 'Content-Length': Buffer.byteLength(body) }, body };
}
