import { describe, expect, it } from 'vitest';
import { ReplyMaybeSentError, ReplyNotSentError, ReplyRejectedError } from '../../../src/gateways/gateway.js';
import {
  type ErrorClass,
  failure,
  reply,
  requests,
  respondWith,
  send,
  type Step,
  url,
  useServer,
} from './outbound-setup.js';
import { settings } from './posts.js';

useServer();

const accepted: Step = {
  status: 202,
  headers: { location: '/3rdparty/v1/messages/x' },
  body: { id: reply.mark, deviceId: 'dev000000000000000001', state: 'Pending', recipients: [], states: {} },
};

describe('a reply', () => {
  it('leaves by the phone and the SIM that received the text, with our mark as its id', async () => {
    respondWith(accepted);
    expect(await send()).toEqual({ gatewayMessageId: reply.mark });
    expect(requests).toHaveLength(1);
    expect(requests[0]?.body).toEqual({
      id: reply.mark,
      deviceId: 'dev000000000000000001',
      simNumber: 2,
      phoneNumbers: [reply.to],
      textMessage: { text: reply.text },
      withDeliveryReport: true,
      ttl: 3_600,
      priority: 0,
    });
    const basic = Buffer.from(`${settings.user}:${settings.password}`).toString('base64');
    expect(requests[0]?.headers).toMatchObject({ authorization: `Basic ${basic}`, 'content-type': 'application/json' });
  });

  it('whose SIM is unknown leaves by the phone', async () => {
    respondWith(accepted);
    await send({ line: 'dev000000000000000001' });
    expect(requests[0]?.body).toMatchObject({ deviceId: 'dev000000000000000001' });
    expect(requests[0]?.body).not.toHaveProperty('simNumber');
  });

  it('without a phone is refused before a request', async () => {
    await failure(send({ line: undefined }), ReplyRejectedError);
    expect(requests).toEqual([]);
  });

  it('that is urgent passes the queue, and no time to live is below that of the API', async () => {
    respondWith(accepted);
    await send({ isUrgent: true, validForMs: 900 });
    expect(requests[0]?.body).toMatchObject({ priority: 100, ttl: 5 });
  });

  it.each(['', '/', '/3rdparty/v1', '/api/3rdparty/v1//'])('goes to /messages below the base %j', async (path) => {
    respondWith(accepted);
    await send({}, { base: `${url}${path}` });
    const query = 'skipPhoneValidation=true&deviceActiveWithin=12';
    expect(requests[0]?.target).toBe(`POST ${path.replace(/\/+$/, '')}/messages?${query}`);
  });

  it('that was taken by an earlier try is sent: the same mark twice is one SMS', async () => {
    respondWith({ hang: true }, { status: 409, body: { message: 'message with the same ID already exists' } });
    const { isRepeatable } = await failure(send({}, { timeoutMs: 2_000 }), ReplyMaybeSentError);
    expect(isRepeatable).toBe(true);
    expect(await send()).toEqual({ gatewayMessageId: reply.mark });
    expect(requests[1]?.body).toEqual(requests[0]?.body);
  });
});

describe('a response', () => {
  const words = { message: `Words from the provider on ${reply.to}` };
  const full = 'failed to enqueue message: queue limits exceeded: oldest pending message is over 24h';
  const noPhone = { message: 'failed to select device: record not found' };

  it.each<[Step, ErrorClass, string]>([
    [{ status: 401, body: words }, ReplyRejectedError, 'SMSGate answered 401'],
    [{ status: 503, body: { message: full } }, ReplyNotSentError, 'SMSGate answered 503: the queue of the phone is'],
    [{ status: 400, body: noPhone }, ReplyNotSentError, 'SMSGate answered 400: the account has no such phone'],
    [{ status: 500, body: words }, ReplyMaybeSentError, 'SMSGate answered 500'],
  ])('is named by its status, and only known words are told: %j', async (step, expected, message) => {
    respondWith(step);
    expect((await failure(send(), expected)).message).toMatch(new RegExp(`^${message}`));
  });

  it('429 passes Retry-After on', async () => {
    respondWith({ status: 429, headers: { 'retry-after': '120' } }, { status: 429 });
    expect((await failure(send(), ReplyNotSentError)).retryAfterMs).toBe(120_000);
    expect((await failure(send(), ReplyNotSentError)).retryAfterMs).toBeUndefined();
  });

  it('of an older server may be a 200 with an id', async () => {
    respondWith({ ...accepted, status: 200 });
    expect(await send()).toEqual({ gatewayMessageId: reply.mark });
  });
});
