import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { ReplyMaybeSentError, type ReplyNotSentError, ReplyRejectedError } from '../../../src/gateways/gateway.js';
import type { ContractCases, FailedResponseCase, ResponseCase } from '../contract.js';
import { type Answer, type Provider, startProvider } from './provider.js';

type SendError = ReplyRejectedError | ReplyNotSentError | ReplyMaybeSentError;

/** What a provider, or something in front of it, may write into any 2xx. */
const garbage: Readonly<Record<string, unknown>> = {
  HTML: '<html>private</html>',
  nothing: '',
  'a null': 'null',
  'a list': [],
  'a string': '"private"',
  'an object without meaning': {},
  'half a JSON': '{"data":{"id":"a"',
  'over 1 MiB': `{"pad":"${'x'.repeat(1024 * 1024)}"}`,
};

/** Answers that mean the same everywhere, unless the provider's own table has another meaning for them. */
const everywhere: Readonly<Record<string, FailedResponseCase>> = {
  ...Object.fromEntries(
    [301, 302, 307, 308].map((status) => [
      `${status}`,
      { status, headers: { location: '/elsewhere' }, error: 'ReplyRejectedError' as const },
    ]),
  ),
  ...Object.fromEntries([401, 403, 404].map((status) => [`${status}`, { status, error: 'ReplyRejectedError' }])),
  '429': { status: 429, error: 'ReplyNotSentError' },
  ...Object.fromEntries([500, 502, 503, 504].map((status) => [`${status}`, { status, error: 'ReplyMaybeSentError' }])),
};

/** Whether a reply is sent once, and each way to fail ends with the right error. */
export function describeSending({ gateway, settings, reply, success, responses, secrets, ...cases }: ContractCases) {
  let provider: Provider | undefined;
  afterEach(() => provider?.close());

  const start = async (answer: Answer) => (provider = await startProvider(answer));
  const send = (url: string, { timeoutMs = 30_000, signal = new AbortController().signal } = {}) => {
    const toSend = { ...settings, url, timeoutMs };
    return gateway.createOutbound(toSend).send(reply, signal);
  };
  const hidden = [reply.to, reply.to.replace('+', ''), reply.from, reply.text, 'private', ...secrets];

  /** Returns the error of a send. Nothing of it gives a number, a text or a key away. */
  async function failure(sending: Promise<unknown>, name: FailedResponseCase['error']): Promise<SendError> {
    const error = await sending.then(
      () => expect.unreachable('it was sent'),
      (thrown: unknown) => thrown as SendError,
    );
    expect({ name: error.name, message: error.message }).toMatchObject({ name });
    const shown = inspect(error, { depth: 10, showHidden: true });
    for (const one of hidden) if (one) expect(shown).not.toContain(one);
    if (error instanceof ReplyMaybeSentError) expect(error.isRepeatable).toBe(cases.isRepeatable);
    return error;
  }

  describe('a reply', () => {
    it('is one request, and is sent when the provider says so', async () => {
      const { url, received } = await start(success);
      expect(await send(url)).toEqual(success.sent);
      expect(received).toHaveLength(1);
      expect(received[0]?.headers['connection']).toBe('close');
    });

    it('with the same mark is the same request each time', async () => {
      const { url, received } = await start(success);
      await send(url);
      await send(url);
      expect(received).toHaveLength(2);
      expect(received[1]).toEqual(received[0]);
    });

    it('is not sent after an abort', async () => {
      const { url, received } = await start(success);
      await failure(send(url, { signal: AbortSignal.abort() }), 'ReplyNotSentError');
      expect(received).toEqual([]);
    });
  });

  describe('a response', () => {
    it.each(Object.entries({ ...everywhere, ...responses }))(
      '%s',
      async (_name, { error: name, number, ...answer }) => {
        const { url, received } = await start(answer);
        const error = await failure(send(url), name);
        if (error instanceof ReplyRejectedError) expect(error.number).toBe(number);
        expect(received).toHaveLength(1);
      },
    );

    it.each(Object.entries(garbage))('of success with %s may have sent it', async (_name, body) => {
      const { url, received } = await start({ ...success, body });
      await failure(send(url), 'ReplyMaybeSentError');
      expect(received).toHaveLength(1);
    });

    it('429 passes Retry-After on', async () => {
      const { url } = await start({ status: 429, headers: { 'retry-after': '120' } } satisfies ResponseCase);
      expect(await failure(send(url), 'ReplyNotSentError')).toMatchObject({ retryAfterMs: 120_000 });
    });
  });

  describe('a connection', () => {
    it('that is refused sends nothing', async () => {
      const { url } = await start(success);
      await provider?.close();
      expect((await failure(send(url), 'ReplyNotSentError')).message).toContain('ECONNREFUSED');
    });

    it.each(['reset before the body', 'reset after the body', 'reset in the response'] as const)(
      'that is %s may have sent it',
      async (answer) => {
        const { url, received } = await start(answer);
        await failure(send(url), 'ReplyMaybeSentError');
        expect(received).toHaveLength(answer === 'reset before the body' ? 0 : 1);
      },
    );

    it('without a response in time may have sent it', async () => {
      const { url, received } = await start('hang');
      const { message } = await failure(send(url, { timeoutMs: 1_000 }), 'ReplyMaybeSentError');
      expect(message).toContain('timed out after 1000 ms');
      expect(received).toHaveLength(1);
    });
  });
}
