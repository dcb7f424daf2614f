import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type Koa from 'koa';
import { OperatorError } from '../process/errors.js';
import { limits } from './limits.js';
import { answerClientErrors } from './client-errors.js';

export interface ApiServer {
  port: number;
  /** Refuses new connections and resolves once current requests are answered; after 3 s it closes their connections. */
  close(): Promise<void>;
}

/** `requireHostHeader` is off because the app checks for it and answers with a problem. */
const serverOptions = {
  headersTimeout: limits.headersMs,
  requestTimeout: limits.requestMs,
  keepAliveTimeout: limits.keepAliveMs,
  connectionsCheckingInterval: 1_000,
  requireHostHeader: false,
};

/**
 * How long a current request may still take once the server closes, in milliseconds; the intake's deadline is 1.5 s.
 */
const closeGraceMs = 3_000;

export interface ListenOptions {
  port: number;
  host: string;
  /** The variables that an error names. */
  variables?: { port: string; host: string };
}

/**
 * Listens on a port with the limits of `limits.ts`.
 *
 * @throws {OperatorError} with the variable to change when the port is taken or the address doesn't belong to this
 * machine
 */
export async function listen(app: Koa, listenOptions: ListenOptions): Promise<ApiServer> {
  const { port, host } = listenOptions;
  const handle = app.callback();
  const server = createServer(serverOptions, (request, response) => void handle(request, response));
  server.maxConnections = limits.connections;
  answerClientErrors(server);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(explain(error, listenOptions)));
    server.listen(port, host, resolve);
  });
  return { port: (server.address() as AddressInfo).port, close: () => close(server) };
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    // Without this, a connection that is busy now would stay open for its keep-alive time after its response.
    const sweep = setInterval(() => server.closeIdleConnections(), 50);
    // Node enforces no timeouts on a closing server: a client that never ends its request would keep it open.
    const cutOff = setTimeout(() => server.closeAllConnections(), closeGraceMs);
    server.close(() => {
      clearInterval(sweep);
      clearTimeout(cutOff);
      resolve();
    });
  });
}

function explain(
  error: NodeJS.ErrnoException,
  { port, host, variables = { port: 'PORT', host: 'HOST' } }: ListenOptions,
): OperatorError {
  if (error.code === 'EADDRINUSE')
    return new OperatorError(
      `Port ${port} is taken by another program: stop it, or set ${variables.port} to a free port`,
    );
  if (error.code === 'EACCES')
    return new OperatorError(
      `Port ${port} needs privileges that this user lacks: set ${variables.port} to a port above 1023`,
    );
  return new OperatorError(
    `Cannot listen on ${variables.host}=${host}: set it to an address of this machine (${error.code ?? error.message})`,
  );
}
