import { describe, expect, it } from 'vitest';
import { ReplyMaybeSentError, ReplyNotSentError, ReplyRejectedError } from '../../../src/gateways/gateway.js';
import { anError } from './posts.js';
import { answering, type ErrorClass, failure, mark, provider, reply, send, settings, useProvider } from './provider.js';

useProvider();

describe('a reply', () => {
  it('is sent once, from the number that was texted, with an address of its own for receipts', async () => {
    expect(await send()).toEqual({ gatewayMessageId: '88888888-8888-4888-8888-888888888888' });
    expect(provider.received).toEqual([
      {
        line: 'POST /v2/messages',
        headers: expect.objectContaining({
          authorization: `Bearer ${settings.apiKey}`,
          'content-type': 'application/json',
        }),
        body: {
          from: '+12065550199',
          to: '+12065550101',
          text: 'Süß & private?',
          type: 'SMS',
          encoding: 'auto',
          webhook_url: `https://sms.example.org/api/webhook/telnyx?m=${mark}`,
          use_profile_webhooks: false,
        },
      },
    ]);
    expect(provider.received[0]?.headers).not.toHaveProperty('idempotency-key');
  });

  it('goes to the path below the base, with or without a slash at its end', async () => {
    await send({}, { url: `${provider.url}/base/` });
    await send({}, { url: `${provider.url}/base` });
    expect(provider.received.map(({ line }) => line)).toEqual(Array(2).fill('POST /base/v2/messages'));
  });

  it('without the number that was texted is rejected before any request', async () => {
    for (const from of [undefined, '']) {
      const error = await failure(send({ from }), ReplyRejectedError);
      expect(error.message).toBe('Telnyx needs the number that was texted, and the message has none');
      expect(error.number).toBeUndefined();
    }
    expect(provider.received).toEqual([]);
  });

  it('is sent when Telnyx says so in any 2xx', async () => {
    provider.answer = answering(202, { data: { id: 'a', to: [{ status: 'queued' }], new_field: 1 }, meta: {} });
    expect(await send()).toEqual({ gatewayMessageId: 'a' });
  });
});

describe('a response', () => {
  it.each<[number, unknown, ErrorClass, string]>([
    [429, anError('10011'), ReplyNotSentError, '429 (error 10011)'],
    [429, '', ReplyNotSentError, '429'],
    [400, anError('10011'), ReplyNotSentError, '400 (error 10011)'],
    [503, '', ReplyMaybeSentError, '503'],
    [503, anError('10011'), ReplyMaybeSentError, '503 (error 10011)'],
    [401, anError('10009'), ReplyRejectedError, '401 (error 10009)'],
    [403, anError('10010'), ReplyRejectedError, '403 (error 10010)'],
    [422, anError('10004'), ReplyRejectedError, '422 (error 10004)'],
    [400, anError('10015'), ReplyRejectedError, '400 (error 10015)'],
    [404, '<h1>Not found</h1>', ReplyRejectedError, '404'],
    [400, anError('10007'), ReplyMaybeSentError, '400 (error 10007)'],
    [500, anError('10007'), ReplyMaybeSentError, '500 (error 10007)'],
    [408, anError('10008'), ReplyMaybeSentError, '408 (error 10008)'],
    [408, '', ReplyMaybeSentError, '408'],
    [500, '', ReplyMaybeSentError, '500'],
    [502, '', ReplyMaybeSentError, '502'],
    [504, anError('40300'), ReplyMaybeSentError, '504 (error 40300)'],
    [400, anError(10015), ReplyRejectedError, '400 (error 10015)'],
    [400, anError(`to ${reply.to}`), ReplyRejectedError, '400'],
    [400, { errors: 'private' }, ReplyRejectedError, '400'],
    [400, 'null', ReplyRejectedError, '400'],
  ])('%s with %j', async (status, body, expected, named) => {
    provider.answer = answering(status, body);
    const error = await failure(send(), expected);
    expect(error.message).toBe(`Telnyx answered ${named}`);
    if (error instanceof ReplyRejectedError) expect(error.number).toBeUndefined();
    expect(provider.received).toHaveLength(1);
  });

  it.each<[number, unknown, string | undefined]>([
    [403, anError('40300'), 'opted-out'],
    [400, anError('40300', '/to'), 'opted-out'],
    [400, anError('10001'), 'unreachable'],
    [400, anError('10002', '/to'), 'unreachable'],
    [422, anError('10016', '/to'), 'unreachable'],
    [400, { errors: [...anError('10004').errors, ...anError('10002', '/to').errors] }, 'unreachable'],
    [400, anError('10002', '/from'), undefined],
    [422, anError('10001', '/from/phone_number'), undefined],
  ])('%s with %j says about the number: %s', async (status, body, number) => {
    provider.answer = answering(status, body);
    expect((await failure(send(), ReplyRejectedError)).number).toBe(number);
  });

  it.each<[string, unknown]>([
    ['HTML', '<html>private</html>'],
    ['nothing', ''],
    ['null', 'null'],
    ['a list', []],
    ['no data', { id: 'a' }],
    ['data without an id', { data: { to: [{ phone_number: reply.to, status: 'queued' }] } }],
    ['an id that is a number', { data: { id: 7 } }],
    ['an error', anError('40300')],
    ['half a JSON', '{"data":{"id":"a"'],
    ['over 1 MiB', { data: { id: 'a', pad: 'x'.repeat(1024 * 1024) } }],
  ])('200 with %s may have sent it', async (_what, body) => {
    provider.answer = answering(200, body);
    await failure(send(), ReplyMaybeSentError);
  });
});
