import type { Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ProblemName, problemTypes } from './problem-types.js';
import { problemBody, ProblemError, problemMediaType } from './problem.js';

/** The problem for an error code of Node's parser; any other code is a `bad-request`. */
const problemOfCode: Partial<Record<string, ProblemName>> = {
  HPE_HEADER_OVERFLOW: 'headers-too-large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'body-too-large',
  ERR_HTTP_REQUEST_TIMEOUT: 'too-slow',
};

/** Answers what never becomes a request with problem+json; Node itself would send no body. */
export function answerClientErrors(server: Server): void {
  const answered = new WeakSet<Duplex>();
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
    // Whatever follows a malformed request fails to parse, too: answer once.
    if (answered.has(socket)) return;
    answered.add(socket);
    afterEarlierResponses(socket, () => sendProblem(socket, problemOfCode[error.code ?? ''] ?? 'bad-request'));
  });
  // Without a listener, Node closes the connection of a CONNECT request.
  server.on('connect', (_request, socket) => {
    // Node no longer handles errors of this socket: unhandled, a client that disconnects would end the process.
    socket.on('error', () => socket.destroy());
    afterEarlierResponses(socket, () => sendProblem(socket, 'method-not-allowed', { Allow: 'GET, HEAD, POST' }));
  });
  server.on('checkExpectation', (_request, response) => {
    const { headers, body } = problemResponse('unknown-expectation');
    response.writeHead(problemTypes['unknown-expectation'].status, headers).end(body);
  });
}

/** Calls `respond` after the responses to earlier requests on the connection were sent. */
function afterEarlierResponses(socket: Duplex & { _httpMessage?: ServerResponse | null }, respond: () => void): void {
  const earlier = socket._httpMessage;
  if (earlier?.req.complete) return void earlier.once('finish', () => afterEarlierResponses(socket, respond));
  // The client disconnected, or is in the middle of another response.
  if (!socket.writable || earlier?.headersSent) return void socket.destroy();
  respond();
}

function sendProblem(socket: Duplex, problem: ProblemName, extraHeaders: Record<string, string> = {}): void {
  const { headers, body } = problemResponse(problem);
  const { status, title } = problemTypes[problem];
  const head = Object.entries({ ...headers, Connection: 'close', ...extraHeaders })
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');
  socket.end(`HTTP/1.1 ${status} ${title}\r\n${head}\r\n${body}`);
  socket.once('finish', () => socket.destroy());
}

function problemResponse(problem: ProblemName) {
  const body = problemBody(new ProblemError(problem));
  return { headers: { 'Content-Type': problemMediaType, 'Content-Length': Buffer.byteLength(body) }, body };
}
