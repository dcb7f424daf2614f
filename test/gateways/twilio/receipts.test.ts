import { describe, expect, it } from 'vitest';
import { changed, read, receiptBody } from './setup.js';

const mark = 'twilio.a1-2.1';

const receiptsOf = (changes: Record<string, string | undefined>, query: Parameters<typeof read>[1] = { m: mark }) => {
  const { messages, rejected, receipts } = read(changed(receiptBody, changes), query);
  expect({ messages, rejected }).toEqual({ messages: [], rejected: [] });
  return receipts;
};

describe('a receipt', () => {
  it.each([
    ['queued', 'accepted'],
    ['accepted', 'accepted'],
    ['scheduled', 'accepted'],
    ['sending', 'accepted'],
    ['sent', 'sent'],
    ['delivered', 'delivered'],
    ['read', 'delivered'],
  ])('with the status %s means %s, and no error code counts', (status, state) => {
    const receipt = { mark, gateway: 'twilio', state };
    expect(receiptsOf({ MessageStatus: status, ErrorCode: '30003' })).toEqual([receipt]);
  });

  it.each(['undelivered', 'failed', 'canceled'])('with the status %s means failed, with a code', (status) => {
    const failed = { mark, gateway: 'twilio', state: 'failed' };
    expect(receiptsOf({ MessageStatus: status, ErrorCode: '30003' })).toEqual([{ ...failed, code: '30003' }]);
    expect(receiptsOf({ MessageStatus: status })).toEqual([{ ...failed, code: status }]);
    const words = 'No such +12065550101';
    expect(receiptsOf({ MessageStatus: status, ErrorCode: words })).toEqual([{ ...failed, code: status }]);
  });

  it.each([
    ['21610', 'opted-out'],
    ['30006', 'unreachable'],
    ['30005', undefined],
  ])('that failed with %s says of the number: %s', (code, number) => {
    const [receipt] = receiptsOf({ MessageStatus: 'undelivered', ErrorCode: code }) ?? [];
    expect(receipt).toMatchObject({ state: 'failed', code });
    expect(receipt?.number).toBe(number);
    expect(receiptsOf({ MessageStatus: 'delivered', ErrorCode: code })?.[0]?.number).toBeUndefined();
  });

  it.each(['received', 'receiving', 'DELIVERED', 'constructor', ''])('with the status "%s" is ignored', (status) => {
    expect(receiptsOf({ MessageStatus: status })).toEqual([]);
  });

  it.each<[string, Parameters<typeof read>[1]]>([
    ['no mark', {}],
    ['an empty mark', { m: '' }],
    ['two marks', { m: [mark, 'other.1'] }],
    ['a mark that is too long', { m: 'x'.repeat(201) }],
  ])('with %s is ignored', (_, query) => {
    expect(receiptsOf({}, query)).toEqual([]);
  });

  it('may have unknown parameters, and lack what is not needed', () => {
    const body = 'AccountSid=AC22222222222222222222222222222222&MessageStatus=sent&EventType=READ&x=1&x=2';
    expect(read(body, { m: mark }).receipts).toEqual([{ mark, gateway: 'twilio', state: 'sent' }]);
  });

  it('with two statuses is ignored', () => {
    expect(read(`${receiptBody}&MessageStatus=failed`, { m: mark }).receipts).toEqual([]);
  });

  it('of another account is rejected', () => {
    const { receipts, rejected } = read(changed(receiptBody, { AccountSid: `AC${'3'.repeat(32)}` }), { m: mark });
    expect(receipts).toBeUndefined();
    expect(rejected[0]?.reason).toBe('AccountSid: is not the account in TWILIO_ACCOUNT_SID');
  });

  it('with a text is a text', () => {
    const body = changed(receiptBody, { Body: 'Yes' });
    expect(read(body, { m: mark })).toMatchObject({ messages: [{ text: 'Yes' }], rejected: [] });
  });
});
