import { randomInt } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { maxParameters } from '../../../src/gateways/twilio/form.js';
import { allCases } from '../../gateways/contract/load.js';
import type { Gateway } from '../../../src/gateways/gateway.js';
import type { ContractCases } from '../../gateways/contract.js';
import { connectRaw, startTestApi, type TestApi, webhookOf } from '../../helpers/api.js';
import { outcomeOf, responsesIn } from '../raw-responses.js';
import { type Bytes, encoded, invalid, mib, request, times, tooLarge, unauthenticated } from './attack.js';

/** One api with the routes of all gateways, each with the account of its contract cases. */
let api: TestApi;
beforeAll(async () => {
  const [ofSmsMobileApi, ...others] = [...allCases].sort(({ gateway }) => (gateway.name === 'smsmobileapi' ? -1 : 1));
  const { credentials } = ofSmsMobileApi?.settings as unknown as { credentials: { signingSecrets: string[] } };
  const otherWebhooks = others.map(({ gateway, settings }) => webhookOf(gateway, settings));
  api = await startTestApi({ ...credentials, otherWebhooks });
});
afterAll(() => api.close());

const lines = (headers: Readonly<Record<string, string>>) =>
  Object.entries(headers).map(([name, value]) => `${name}: ${value}`);

/** Sends one post, and returns the outcome of its response. */
async function send(target: string, body: Bytes, headers: readonly string[]): Promise<string> {
  const { socket, received, closed } = await connectRaw(api.port);
  const length = `Content-Length: ${Buffer.byteLength(body)}`;
  socket.write(request(`POST ${target} HTTP/1.1`, ['Host: x', 'Connection: close', length, ...headers], body));
  await closed;
  return responsesIn(received()).map(outcomeOf).join(', ');
}

/** What was handed over since the last call. */
const handedOver = () =>
  api.acceptedPosts.splice(0).flatMap(({ messages, receipts = [] }) => [...messages, ...receipts]);

/** What a verified post without a valid message gets: most providers would only post it again after a 4xx. */
const invalidOf = ({ name }: Pick<Gateway, 'name'>) => (name === 'smsmobileapi' ? invalid : '200');

const now = () => new Date();
const ago = (ms: number) => new Date(Date.now() - ms);

it('each gateway has cases', () => {
  expect(allCases).toHaveLength(5);
});

describe.each(allCases.map((cases) => ({ name: cases.gateway.name, ...cases })))('$name', (cases: ContractCases) => {
  const { gateway, settings, signature, bodies, receipts } = cases;
  const { path } = gateway.description;
  const body = bodies.unknownFields.body;
  const sign = (at: Date, { signed = body, target = path, from = settings } = {}) =>
    signature.sign(signed, { target, at, settings: from });
  const isRefused = async (
    headers: readonly string[],
    { sent = body, target = path }: { sent?: Bytes; target?: string } = {},
  ) => {
    expect(await send(target, sent, headers)).toBe(unauthenticated);
  };

  afterEach(async () => {
    // Nothing of the attack was accepted, and a valid post still is.
    expect(handedOver()).toEqual([]);
    expect(await send(path, body, lines(sign(now())))).toBe('200');
    expect(handedOver()).toMatchObject([{ gateway: gateway.name }]);
    expect(api.events.filter(({ level }) => Number(level) >= 50)).toEqual([]);
  });

  it('a signature that is missing, in whole or in part', async () => {
    await isRefused([]);
    for (const missing of Object.keys(signature.vector.headers)) {
      const others = Object.fromEntries(Object.entries(sign(now())).filter(([name]) => name !== missing));
      await isRefused(lines(others));
      await isRefused(lines({ ...others, [missing]: '' }));
    }
  });

  it.each(allCases.filter((other) => other.gateway !== gateway).map((other) => [other.gateway.name, other] as const))(
    'a signature of %s, and a post of it',
    async (_name, other) => {
      const at = now();
      await isRefused(lines(other.signature.sign(body, { target: path, at })));
      const foreign = other.signature.vector.body;
      await isRefused(lines(other.signature.sign(foreign, { target: path, at })), { sent: foreign });
    },
  );

  it('a signature by another secret, and one of the vector, which is public and old', async () => {
    await isRefused(lines(sign(now(), { from: signature.otherSecret })));
    await isRefused(lines({ ...signature.vector.headers }));
  });

  it.skipIf(signature.validForMs === 'none')('a post that is replayed after its time limit, or early', async () => {
    const limit = Number(signature.validForMs);
    await isRefused(lines(sign(ago(limit + 3_000))));
    await isRefused(lines(sign(ago(365 * 86_400_000))));
    await isRefused(lines(sign(ago(-limit - 3_000))));
  });

  it.skipIf(signature.body !== 'signed')('a body with one byte changed, one more, or one less', async () => {
    const headers = lines(sign(now()));
    for (let count = 0; count < 20; count += 1) {
      const changed = Buffer.from(body);
      const at = randomInt(changed.length);
      changed[at] = (changed[at] as number) ^ 1;
      await isRefused(headers, { sent: changed });
    }
    for (const sent of ['', `${body} `, body.slice(0, -1)]) await isRefused(headers, { sent });
  });

  it('a header twice: a wrong one before the right one, and after it', async () => {
    const headers = sign(now());
    for (const [name, value] of Object.entries(headers)) {
      const wrong = `${name}: ${value.slice(0, -3)}000`;
      await isRefused([wrong, ...lines(headers)]);
      // Of a second Authorization, Node's HTTP parser drops all but the first.
      if (name !== 'authorization') await isRefused([...lines(headers), wrong]);
      if (name !== 'authorization') await isRefused([...lines(headers), `${name}: ${value}`]);
    }
  });

  it.skipIf(receipts === 'none')('a receipt with two marks, or with none', async () => {
    if (receipts === 'none') return;
    const [status = ''] = Object.entries(receipts.statuses).find(([, state]) => state === 'delivered') ?? [];
    const unmarked = receipts.post(status, undefined);
    for (const target of [path, `${path}?m=`, `${path}?m=a.1&m=b.1`, `${path}?m[]=a.1`, `${path}?__proto__=a.1`]) {
      const headers = lines(sign(now(), { signed: unmarked.body, target }));
      expect(await send(target, unmarked.body, headers)).toBe('200');
    }
  });

  it('a body over 1 MiB, compressed, or not to be read', async () => {
    const large = body + ' '.repeat(mib);
    const tooMuch = await send(path, large, lines(sign(now(), { signed: large })));
    expect(tooMuch).toBe(tooLarge);
    const bomb = [...lines(sign(now())), 'Content-Encoding: gzip'];
    expect(await send(path, gzipSync(Buffer.alloc(16 * mib)), bomb)).toBe(encoded);
    if (bodies.unreadable === 'none') return;
    const unreadable = bodies.unreadable.body;
    await isRefused([], { sent: unreadable });
    const signed = await send(path, unreadable, lines(sign(now(), { signed: unreadable })));
    const kept = api.acceptedPosts.flatMap(({ rejected }) => rejected.map(({ raw }) => String(raw)));
    // Twilio's form with too many parameters has no valid signature.
    expect([signed, kept]).toEqual(
      signed.startsWith('401') ? [unauthenticated, []] : [invalidOf(gateway), [unreadable]],
    );
  });

  it('a bomb of parameters, members or levels, signed and not signed', async () => {
    const bombs = [
      'a=1&'.repeat(maxParameters + 1),
      Array.from({ length: 5_000 }, (_, index) => `p${index}=${index}`).join('&'),
      '&'.repeat(mib),
      '%'.repeat(mib),
      '['.repeat(mib / 2),
      `{"a":[${'1,'.repeat(200_000)}1]}`,
    ];
    for (const sent of bombs) {
      await isRefused([], { sent });
      const outcome = await send(path, sent, lines(sign(now(), { signed: sent })));
      // To a form, '%' and '[' are one parameter that means nothing.
      if (outcome !== '200') expect(outcome).toMatch(/^(400 (not-json|too-complex)|401 unauthenticated)$/);
    }
  });

  it('ten of them on one connection', async () => {
    const { socket, received, closed } = await connectRaw(api.port);
    const one = request(`POST ${path} HTTP/1.1`, ['Host: x', `Content-Length: ${Buffer.byteLength(body)}`], body);
    socket.end(Buffer.concat(Array<Buffer>(10).fill(one)));
    await closed;
    expect(responsesIn(received()).map(outcomeOf).join(', ')).toBe(times(10, unauthenticated));
  });
});

/** A signed form of Twilio with other parameters in it. */
describe('a form of Twilio', () => {
  const { gateway, bodies, signature } = allCases.find((cases) => cases.gateway.name === 'twilio') as ContractCases;
  const { path } = gateway.description;
  /** Kept in quarantine, and not posted again. */
  async function isRejected(sent: string): Promise<void> {
    const headers = lines(signature.sign(sent, { target: path, at: now() }));
    expect(await send(path, sent, headers)).toBe(invalidOf(gateway));
    expect(api.acceptedPosts).toMatchObject([{ messages: [], rejected: [{ index: 0 }] }]);
    expect(handedOver()).toEqual([]);
  }

  it.each([
    ['two senders', '&From=%2B12065550102'],
    ['two ids', `&MessageSid=SM${'2'.repeat(32)}`],
    ['two accounts', `&AccountSid=AC${'3'.repeat(32)}`],
  ])('with %s is rejected, even when it is signed', async (_what, more) => {
    await isRejected(`${bodies.emptyText.body}${more}`);
  });

  it('with a parameter twice that was signed once is the same post, since its values are signed, not their number', async () => {
    const headers = lines(signature.sign(bodies.emptyText.body, { target: path, at: now() }));
    expect(await send(path, `${bodies.emptyText.body}&To=%2B12065550199`, headers)).toBe('200');
    expect(handedOver()).toHaveLength(1);
  });

  it('of another account is rejected', async () => {
    const other = bodies.emptyText.body.replace(/AccountSid=AC2/, 'AccountSid=AC3');
    await isRejected(other);
  });
});
