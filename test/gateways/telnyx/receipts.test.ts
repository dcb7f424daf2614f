import { expect, it } from 'vitest';
import { aReceipt, aText, read } from './posts.js';

const mark = 'telnyx.RzW0oHgvC2dJ7cYxWq1pXsA.1';

it.each([
  ['message.sent', 'queued', 'accepted'],
  ['message.sent', 'sending', 'accepted'],
  ['message.sent', 'sent', 'sent'],
  ['message.finalized', 'sent', 'sent'],
  ['message.finalized', 'delivery_unconfirmed', 'sent'],
  ['message.finalized', 'delivered', 'delivered'],
  ['message.finalized', 'sending_failed', 'failed'],
  ['message.finalized', 'delivery_failed', 'failed'],
  ['message.finalized', 'expired', 'failed'],
])('%s with the status %s says: %s', (type, status, state) => {
  expect(read(aReceipt(status, {}, type), { m: mark })).toEqual({
    messages: [],
    rejected: [],
    receipts: [{ mark, gateway: 'telnyx', state }],
  });
});

it.each<[unknown, string | undefined]>([
  [[{ code: '40001', title: 'Not routable', detail: 'Not routable: +12065550101' }], '40001'],
  [[{ code: 40008 }], '40008'],
  [[{ title: 'no code' }, null, { code: '40003' }], '40003'],
  [[{ code: 'Not routable: +12065550101' }], undefined],
  [[{ code: '12065550101' }], undefined],
  [[], undefined],
  ['40001', undefined],
  [undefined, undefined],
])('a failed receipt has the code of %j', (errors, code) => {
  expect(read(aReceipt('delivery_failed', { errors }), { m: mark }).receipts?.[0]).toMatchObject({
    mark,
    gateway: 'telnyx',
    state: 'failed',
    code,
  });
});

it('a receipt of a reply that was delivered has no code, whatever errors it lists', () => {
  expect(read(aReceipt('delivered', { errors: [{ code: '40001' }] }), { m: mark }).receipts?.[0]?.code).toBeUndefined();
});

it.each<[object[], string | undefined]>([
  [[{ code: '40300' }], 'opted-out'],
  [[{ code: '40001' }], 'unreachable'],
  [[{ code: '40300', source: { pointer: '/from' } }], undefined],
  [[{ code: '40008' }], undefined],
])('a failed receipt with %j says of the number: %s', (errors, number) => {
  expect(read(aReceipt('delivery_failed', { errors }), { m: mark }).receipts?.[0]?.number).toBe(number);
  expect(read(aReceipt('delivered', { errors }), { m: mark }).receipts?.[0]?.number).toBeUndefined();
});

it('unknown fields change nothing', () => {
  const posted = aReceipt('delivered', { cost: null, tags: ['x'], parts: '2', from: 7, text: { private: 1 } });
  expect(read({ ...posted, meta: 7 }, { m: mark, other: 'x' }).receipts).toMatchObject([{ mark, state: 'delivered' }]);
});

it.each<[string, object, Record<string, string | string[]>]>([
  ['without a mark', aReceipt('delivered'), {}],
  ['with an empty mark', aReceipt('delivered'), { m: '' }],
  ['with two marks', aReceipt('delivered'), { m: [mark, 'telnyx.other.1'] }],
  ['with a number as its mark', aReceipt('delivered'), { m: '+12065550101' }],
  ['with an endless mark', aReceipt('delivered'), { m: 'x'.repeat(101) }],
  ['of an unknown status', aReceipt('webhook_delivered'), { m: mark }],
  ['of a status that every object has', aReceipt('constructor'), { m: mark }],
  ['without a status', aReceipt('delivered', { to: [{ phone_number: '+12065550101' }] }), { m: mark }],
  ['without an addressee', aReceipt('delivered', { to: [] }), { m: mark }],
  ['without a list', aReceipt('delivered', { to: { status: 'delivered' } }), { m: mark }],
  ['of another event', aReceipt('delivered', {}, 'message.queued'), { m: mark }],
])('a receipt %s is accepted and ignored', (_what, posted, query) => {
  expect(read(posted, query)).toEqual({ messages: [], rejected: [], receipts: [] });
});

it('a text to an address of receipts is a text', () => {
  const post = read(aText(), { m: mark });
  expect(post.messages).toHaveLength(1);
  expect(post.receipts ?? []).toEqual([]);
});
