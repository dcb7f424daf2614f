import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { ReplyRejectedError } from '../../../src/gateways/gateway.js';
import { answer, type ApiServer, created, failure, reply, send, startApi } from './outbound-setup.js';
import { authToken, errorBody, settings } from './setup.js';

let api: ApiServer | undefined;
afterEach(async () => {
  await api?.close();
  api = undefined;
});

async function answering(respond: (response: ServerResponse) => void): Promise<ApiServer> {
  api = await startApi(respond);
  return api;
}

const succeeding = () => answering((response) => answer(response, 201, created));

describe('a reply', () => {
  it('is one form, with the account in the path and the credentials in a header', async () => {
    const { url, requests } = await succeeding();
    expect(await send({ url })).toEqual({ gatewayMessageId: created.sid });
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({
      line: `POST /2010-04-01/Accounts/${settings.accountSid}/Messages.json`,
      headers: {
        authorization: `Basic ${Buffer.from(`${settings.accountSid}:${authToken}`).toString('base64')}`,
        'content-type': 'application/x-www-form-urlencoded',
        connection: 'close',
      },
    });
    expect(requests[0]?.form).toEqual({
      To: '+12065550101',
      From: '+12065550199',
      Body: reply.text,
      ValidityPeriod: '3600',
      StatusCallback: 'https://sms.example.org/api/webhook/twilio?m=twilio.a1-2.1',
    });
  });

  it('keeps the path of the API address, and of the public address', async () => {
    const { url, requests } = await succeeding();
    await send({ url: `${url}/proxy/`, publicUrl: 'https://example.org/base' });
    expect(requests[0]?.line).toMatch(/^POST \/proxy\/2010-04-01\/Accounts\//);
    expect(requests[0]?.form['StatusCallback']).toBe('https://example.org/base/api/webhook/twilio?m=twilio.a1-2.1');
  });

  it('is sent with the first token while it is changed', async () => {
    const { url, requests } = await succeeding();
    await send({ url, authTokens: ['f'.repeat(32), authToken] });
    expect(Buffer.from(requests[0]?.headers.authorization?.split(' ')[1] ?? '', 'base64').toString()).toBe(
      `${settings.accountSid}:${'f'.repeat(32)}`,
    );
  });

  it.each([
    [0, '1'],
    [999, '1'],
    [90_500, '90'],
    [36_000_000, '36000'],
    [7 * 86_400_000, '36000'],
  ])('that is worth sending for %i ms may be queued for %s s', async (validForMs, seconds) => {
    const { url, requests } = await succeeding();
    await send({ url }, { validForMs });
    expect(requests[0]?.form['ValidityPeriod']).toBe(seconds);
  });

  it('to WhatsApp leaves by WhatsApp', async () => {
    const { url, requests } = await succeeding();
    await send({ url }, { to: 'whatsapp:+12065550101', from: 'whatsapp:+12065550199' });
    expect(requests[0]?.form).toMatchObject({ To: 'whatsapp:+12065550101', From: 'whatsapp:+12065550199' });
  });

  it('without the number that was texted is rejected, and nothing is sent', async () => {
    const { url, requests } = await succeeding();
    const { message } = await failure(send({ url }, { from: undefined }), ReplyRejectedError);
    expect(message).toContain('which was texted');
    expect(requests).toEqual([]);
  });
});

describe('a refusal', () => {
  it.each<[number, number, 'opted-out' | 'unreachable' | undefined]>([
    [400, 21610, 'opted-out'],
    [403, 21610, 'opted-out'],
    [400, 21211, 'unreachable'],
    [400, 21265, 'unreachable'],
    [400, 21614, 'unreachable'],
    [400, 21635, 'unreachable'],
    [401, 20003, undefined],
    [400, 21606, undefined],
    [400, 21608, undefined],
    [400, 21408, undefined],
    [400, 21612, undefined],
    [400, 21617, undefined],
    [400, 21609, undefined],
    [404, 20404, undefined],
  ])('%i with the code %i says of the number: %s', async (status, code, number) => {
    const { url, requests } = await answering((response) => answer(response, status, errorBody(code, status)));
    const error = await failure(send({ url }), ReplyRejectedError);
    expect(error.number).toBe(number);
    expect(error.message).toBe(`Twilio answered ${status} (error ${code})`);
    expect(requests).toHaveLength(1);
  });
});
