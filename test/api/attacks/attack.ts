import { randomUUID } from 'node:crypto';
import { brotliCompressSync, constants, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { connectRaw, startTestApi, type TestApi, webhookPath } from '../../helpers/api.js';
import { eventually } from '../../kit/eventually.js';
import { aPost } from '../../helpers/messages.js';
import { responsesIn, outcomeOf } from '../raw-responses.js';

export const mib = 1_048_576;
export const token = 'a-webhook-secret_0.1~2';
export const secret = 'signing-secret-of-now';
export const secretBefore = 'signing-secret-before';
export const proof = `X-Webhook-Secret: ${token}`;

export let api: TestApi;

/** Starts one api, which lives through all the attacks of a file, and takes a good post after each. */
export function useApi(): void {
  beforeAll(async () => {
    api = await startTestApi({ token, signingSecrets: [secret, secretBefore] });
  });
  afterAll(() => api.close());

  afterEach(async () => {
    await postGood();
    expect(api.events.filter(({ level }) => Number(level) >= 50)).toEqual([]);
    expect({}).not.toHaveProperty('polluted');
  });
}

export type Bytes = string | Buffer;

/** A request from its lines and its body. */
export const request = (line: string, headers: string[], body: Bytes = '') =>
  Buffer.concat([Buffer.from([line, ...headers, '', ''].join('\r\n')), Buffer.from(body)]);
export const head = (...headers: string[]) =>
  request(`POST ${webhookPath} HTTP/1.1`, ['Host: x', proof, ...headers]).toString();
export const post = (body: Bytes, { headers = [proof], path = webhookPath } = {}) =>
  request(`POST ${path} HTTP/1.1`, ['Host: x', `Content-Length: ${Buffer.byteLength(body)}`, ...headers], body);
export const chunked = (chunks: Bytes, ...headers: string[]) =>
  Buffer.concat([Buffer.from(head('Transfer-Encoding: chunked', ...headers)), Buffer.from(chunks)]);
export const chunk = (data: string) => `${Buffer.byteLength(data).toString(16)}\r\n${data}\r\n`;
export const get = (...headers: string[]) => request('GET /healthz HTTP/1.1', ['Host: x', ...headers]).toString();
export const json = (fields: Record<string, unknown> = {}) => JSON.stringify(aPost(fields));

export const messagesSince = (first: number) => api.acceptedPosts.slice(first).flatMap(({ messages }) => messages);
export const outcomesIn = (received: string) => responsesIn(received).map(outcomeOf).join(', ');

/** Over an own connection, and handed over before it is answered. */
export async function postGood(): Promise<void> {
  const guid = `good-${randomUUID()}`;
  const { socket, received, closed } = await connectRaw(api.port);
  socket.write(post(json({ guid }), { headers: [proof, 'Connection: close'] }));
  await closed;
  expect(outcomesIn(received())).toBe('200');
  expect(messagesSince(0).filter((message) => message.id === guid)).toHaveLength(1);
}

const fieldsOfMessages = [
  ...['version', 'id', 'gateway', 'line', 'from', 'sender', 'to', 'text'],
  ...['acceptedAt', 'date', 'hour', 'timeReceived'],
];

/** Sends bytes; then these are the responses, all of them, and what they acknowledge is what was handed over. */
export async function attack(bytes: Bytes, outcomes: string | RegExp, { cutShort = false } = {}): Promise<void> {
  const first = api.acceptedPosts.length;
  const { socket, received, closed } = await connectRaw(api.port);
  socket.write(bytes);
  const due = outcomes === '' ? 0 : String(outcomes).split(', ').length;
  if (!cutShort) await eventually(() => socket.closed || responsesIn(received()).length >= due);
  socket.end();
  await closed;
  if (typeof outcomes === 'string') expect(outcomesIn(received())).toBe(outcomes);
  else expect(outcomesIn(received())).toMatch(outcomes);
  const acknowledged = Array.from(received().matchAll(/"message_count":(\d+)/g), ([, count]) => Number(count));
  const messages = messagesSince(first);
  expect(messages).toHaveLength(acknowledged.reduce((sum, count) => sum + count, 0));
  for (const message of messages) {
    expect(Object.getPrototypeOf(message)).toBe(Object.prototype);
    expect(fieldsOfMessages).toEqual(expect.arrayContaining(Object.keys(message)));
  }
}

export type Row = [name: string, bytes: Bytes, outcomes: string | RegExp];
export const areAnswered = (rows: Row[]) => it.each(rows)('%s', (_name, bytes, outcomes) => attack(bytes, outcomes));

export const improper = '400 bad-request';
export const notJson = '400 not-json';

export const unauthenticated = '401 unauthenticated';
export const notFound = '404 not-found';

export const tooLarge = '413 body-too-large';
export const encoded = '415 content-encoded';

export const invalid = '422 invalid-messages';
export const headersTooLarge = '431 headers-too-large';

export const body = json();

export const padded = (bytes: number) => `${body.slice(0, -1)},"x":"${'x'.repeat(bytes - body.length - 7)}"}`;

const zeros = Buffer.alloc(16 * mib);
export const squeezed = {
  gzip: gzipSync(zeros),
  br: brotliCompressSync(zeros, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }),
  deflate: deflateSync(zeros),
};

export const times = (count: number, outcome: string) => Array<string>(count).fill(outcome).join(', ');

export const smuggled = post(json({ guid: 'smuggled' })).toString();
