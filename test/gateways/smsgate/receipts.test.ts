import { describe, expect, it } from 'vitest';
import { anEventOfReply, read } from './posts.js';

const mark = 'smsgate.abc_DEF-2.1';
const receiptsOf = (posted: unknown) => {
  const { messages, rejected, receipts = [] } = read(posted);
  expect({ messages, rejected }).toEqual({ messages: [], rejected: [] });
  return receipts;
};

describe('an event about a reply', () => {
  it.each([
    ['sms:sent', { partsCount: 2, sentAt: '2026-11-24T14:40:05.000+01:00' }, { state: 'sent' }],
    ['sms:delivered', { deliveredAt: '2026-11-24T14:40:09.000+01:00' }, { state: 'delivered' }],
    ['sms:failed', { reason: 'Unknown' }, { state: 'failed' }],
    ['sms:cancelled', { cancelledAt: '2026-11-24T14:40:09.000+01:00' }, { state: 'failed', code: 'cancelled' }],
    ['sms:delivered', { reason: 'RESULT_ERROR_NO_SERVICE', extra: [1] }, { state: 'delivered' }],
  ])('%s with %j settles it', (event, payload, expected) => {
    expect(receiptsOf(anEventOfReply(event, payload))).toEqual([{ mark, gateway: 'smsgate', ...expected }]);
  });

  it.each<[unknown, string | undefined]>([
    [
      'Send result: RESULT_ERROR_LIMIT_EXCEEDED (Failed because we reached the sending queue limit)',
      'RESULT_ERROR_LIMIT_EXCEEDED',
    ],
    ['RESULT_RIL_SIM_ABSENT', 'RESULT_RIL_SIM_ABSENT'],
    ['Send result: RESULT_ERROR_SHORT_CODE_NOT_ALLOWED (x)', 'RESULT_ERROR_SHORT_CODE_NOT_ALLOWED'],
    ['SHORT_CODE_NOT_ALLOWED', 'SHORT_CODE_NOT_ALLOWED'],
    ['TTL expired', 'TTL expired'],
    ['Result from SC +12065550000: 70', undefined],
    ["Can't send message: No SIMs found for +12065550101", undefined],
    ['', undefined],
    [undefined, undefined],
    [{ code: 7 }, undefined],
  ])('that failed with the reason %j has the code %j', (reason, code) => {
    const [receipt] = receiptsOf(anEventOfReply('sms:failed', { reason }));
    expect(receipt).toEqual({ mark, gateway: 'smsgate', state: 'failed', ...(code !== undefined && { code }) });
  });

  it('may be of a reply that was sent again after the carrier had refused it', () => {
    const again = 'smsgate.abc_DEF-2.r2';
    expect(receiptsOf(anEventOfReply('sms:delivered', { messageId: again }))).toMatchObject([{ mark: again }]);
  });

  it('posted once for each part is a receipt each time', () => {
    const posted = anEventOfReply('sms:delivered');
    expect(receiptsOf(posted)).toEqual(receiptsOf({ ...posted, id: 'evt8' }));
  });

  it.each([
    { messageId: 'V1StGXR8_Z5jdHi6B-myT' },
    { messageId: 'twilio.SM1.1' },
    { messageId: 'smsgate.abc' },
    { messageId: 'smsgate.abc.1 ' },
    { messageId: 7 },
    { messageId: undefined },
  ])('without our mark changes nothing: %j', (payload) => {
    expect(receiptsOf(anEventOfReply('sms:failed', payload))).toEqual([]);
  });
});

it.each(['system:ping', 'mms:received', 'sms:data-received', 'sms:batch:received', 'app:started', 'toString', ''])(
  'an event %j changes nothing, whatever it contains',
  (event) => {
    expect(receiptsOf(anEventOfReply(event))).toEqual([]);
    expect(receiptsOf({ event, payload: { health: { status: 'pass' } } })).toEqual([]);
    expect(receiptsOf({ event })).toEqual([]);
  },
);
