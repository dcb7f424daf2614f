import type { AddressInfo, Server, Socket } from 'node:net';
import { inspect } from 'node:util';
import { afterEach, beforeEach, expect, vi } from 'vitest';
import type { ReplyMaybeSentError, ReplyNotSentError, ReplyRejectedError } from '../../../src/gateways/gateway.js';
import { aReply } from '../../helpers/gateways.js';
import { createOutbound } from '../../../src/gateways/sms-mobile-api/outbound.js';
import type { ScriptInput } from '../../../src/demo/simulated-gateway/step.js';
import { type SimulatedGateway, startSimulatedGateway } from '../../../src/demo/simulated-gateway/server.js';

export type Step = ScriptInput[number];
export type ErrorClass = typeof ReplyRejectedError | typeof ReplyNotSentError | typeof ReplyMaybeSentError;

export const reply = aReply({ text: 'Süß & private?=%' });
export const apiKey = 'key-7f3a9';
const secrets = [reply.to, '15550001111', reply.text, 'private', apiKey, 'from the provider'];
export const json = (body: unknown) => JSON.stringify(body);

export let gateway: SimulatedGateway;
let opened: Server[] = [];

/** Gives each test of a file a simulated gateway of its own. */
export function useGateway(): void {
  beforeEach(async () => {
    gateway = await startSimulatedGateway({ port: 0 });
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await gateway.close();
    for (const server of opened) server.close();
    opened = [];
  });
}

export function send({ url = gateway.url, timeoutMs = 5000, signal = new AbortController().signal } = {}) {
  return createOutbound({ apiKey, url, timeoutMs }).send(reply, signal);
}

/** Exactly this class, and nothing of the error, its cause and fields included, gives a secret away. */
export async function failure(sending: Promise<unknown>, expected: ErrorClass): Promise<Error> {
  const error = await sending.then(
    (sent) => expect.unreachable(`sent: ${json(sent)}`),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(Error);
  expect({ name: (error as Error).name, message: (error as Error).message }).toMatchObject({ name: expected.name });
  expect(error).toBeInstanceOf(expected);
  for (const secret of secrets) expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(secret);
  return error as Error;
}

/** A listener for what an HTTP server would never do. */
export async function listen(server: Server): Promise<number> {
  opened.push(server);
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
  });
  const close = server.close.bind(server);
  server.close = () => {
    for (const socket of sockets) socket.destroy();
    return close();
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}
