import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type Koa from 'koa';
import { OperatorError } from '../process.js';
import { limits } from './limits.js';
import { answerMalformed } from './malformed.js';

export interface ApiServer {
  port: number;
  /** Takes no more connections, and resolves once every request under way is answered; what has not arrived in time is cut off. */
  close(): Promise<void>;
}

/** A Host is asked for by the app, which can say so. */
const options = {
  headersTimeout: limits.headersMs,
  requestTimeout: limits.requestMs,
  keepAliveTimeout: limits.keepAliveMs,
  connectionsCheckingInterval: 1_000,
  requireHostHeader: false,
};

/** How long a request under way may take once the server closes, in milliseconds; the intake's deadline is 1.5 s. */
const closeGraceMs = 3_000;

export interface ListenSettings {
  port: number;
  host: string;
  /** The settings that an error names. */
  variables?: { port: string; host: string };
}

/** @throws {OperatorError} naming the variable when the port is taken or the address is not this machine's */
export async function listen(app: Koa, settings: ListenSettings): Promise<ApiServer> {
  const { port, host } = settings;
  const handle = app.callback();
  const server = createServer(options, (request, response) => void handle(request, response));
  server.maxConnections = limits.connections;
  answerMalformed(server);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(explain(error, settings)));
    server.listen(port, host, resolve);
  });
  return { port: (server.address() as AddressInfo).port, close: () => close(server) };
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    // A connection that was busy at this moment would else stay open for its keep-alive time after its answer.
    const sweep = setInterval(() => server.closeIdleConnections(), 50);
    // Node enforces no time limits on a closing server: a sender that never ends its request would keep it open.
    const cutOff = setTimeout(() => server.closeAllConnections(), closeGraceMs);
    server.close(() => {
      clearInterval(sweep);
      clearTimeout(cutOff);
      resolve();
    });
  });
}

function explain(error: NodeJS.ErrnoException, { port, host, variables = { port: 'PORT', host: 'HOST' } }: ListenSettings): OperatorError {
  if (error.code === 'EADDRINUSE') return new OperatorError(`Port ${port} is taken by another program: stop it, or set ${variables.port} to a free port`);
  if (error.code === 'EACCES') return new OperatorError(`Port ${port} may not be opened by this user: set ${variables.port} to one above 1023`);
  return new OperatorError(`Cannot listen on ${variables.host}=${host}: set it to an address of this machine (${error.code ?? error.message})`);
}
