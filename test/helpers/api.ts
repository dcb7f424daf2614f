import { smsMobileApi } from '../../src/gateways/sms-mobile-api/gateway.js';
import type { Gateway, GatewaySettings } from '../../src/gateways/gateway.js';
import { inboundOptions, smsMobileApiInbound } from './gateways.js';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type AppOptions, createApp } from '../../src/api/app.js';
import type { Credentials } from '../../src/gateways/sms-mobile-api/settings.js';
import { createDraining } from '../../src/api/admin/draining.js';
import type { Post, Intake } from '../../src/domain/intake.js';
import { listen } from '../../src/http/server.js';
import { recordingLog } from './logs.js';

export const webhookPath = '/api/webhook/sms-received';

/** An intake that keeps what it was given, and accepts it by default. */
export function fakeIntake() {
  const acceptedPosts: Post[] = [];
  let answer: () => Promise<void> = async () => {};
  let reason: string | undefined;
  const intake: Intake = {
    keepsRejected: true,
    ready: () => reason,
    accept(post) {
      acceptedPosts.push(post);
      return answer();
    },
  };
  return {
    intake,
    acceptedPosts,
    answerWith: (next: () => Promise<void>) => void (answer = next),
    notReadyBecause: (next: string | undefined) => void (reason = next),
  };
}

type Webhook = AppOptions['webhooks'][number];

/** The webhook of SMSMobileAPI, with these secrets. */
export const webhooksOf = (credentials: Credentials) => [
  { name: smsMobileApi.name, description: smsMobileApi.description, inbound: smsMobileApiInbound(credentials) },
];

/** The webhook of a gateway with these settings. */
export const webhookOf = (gateway: Gateway, settings: GatewaySettings): Webhook => ({
  name: gateway.name,
  description: gateway.description,
  inbound: gateway.createInbound(settings, inboundOptions),
});

interface TestApiOptions extends Partial<Credentials> {
  /** Of other gateways than SMSMobileAPI. */
  otherWebhooks?: readonly Webhook[];
}

/** The whole app on a free port, in front of a fake intake. */
export async function startTestApi({ token, signingSecrets = [], otherWebhooks = [] }: TestApiOptions = {}) {
  const { intake, acceptedPosts, answerWith, notReadyBecause } = fakeIntake();
  const { log, events } = recordingLog();
  const draining = createDraining();
  const webhooks = [...webhooksOf({ token, signingSecrets }), ...otherWebhooks];
  const server = await listen(createApp({ intake, draining, webhooks, log }), { port: 0, host: '127.0.0.1' });
  const url = `http://127.0.0.1:${server.port}`;
  return {
    ...server,
    url,
    acceptedPosts,
    draining,
    answerWith,
    notReadyBecause,
    events,
    post: (
      body: unknown,
      { path = webhookPath, headers = {} }: { path?: string; headers?: Record<string, string> } = {},
    ) =>
      fetch(url + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
      }),
  };
}
export type TestApi = Awaited<ReturnType<typeof startTestApi>>;

/** A connection on which a test says byte for byte what goes over it. */
interface RawConnection {
  socket: Socket;
  /** What has come so far. */
  received: () => string;
  /** Resolves once the server has closed it, or broken it off. */
  closed: Promise<unknown>;
}

export async function connectRaw(port: number): Promise<RawConnection> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
  socket.on('error', () => {});
  socket.on('end', () => socket.end());
  const closed = new Promise((resolve) => socket.once('close', resolve));
  await once(socket, 'connect');
  return { socket, received: () => text, closed };
}
