import { describe, expect, it } from 'vitest';
import { ProblemError } from '../../../src/http/problem.js';
import { prefixedMessageId } from '../../../src/gateways/message-id.js';
import { maxParameters } from '../../../src/gateways/twilio/form.js';
import { changed, inboundOf, postedBody, read, settings } from './setup.js';

const onlyRequired = {
  MessageSid: 'SM11111111111111111111111111111111',
  AccountSid: settings.accountSid,
  From: '+12065550101',
};

const messageOf = (changes: Record<string, string | undefined>) => read(changed(postedBody, changes)).messages[0];

function reasonOf(body: string): string | undefined {
  const { messages, rejected, receipts } = read(body);
  expect({ messages, receipts }).toEqual({ messages: [], receipts: undefined });
  expect(rejected).toHaveLength(1);
  expect(rejected[0]?.index).toBe(0);
  expect(Buffer.from(rejected[0]?.raw ?? '').toString()).toBe(body);
  return rejected[0]?.reason;
}

describe('a text', () => {
  it('is read as Twilio posts it', () => {
    expect(read(postedBody)).toEqual({
      messages: [
        {
          version: 1,
          id: prefixedMessageId('twilio', onlyRequired.MessageSid),
          gateway: 'twilio',
          from: '+12065550101',
          sender: '+12065550101',
          to: '+12065550199',
          text: "Yes, I'll be there 👍",
          acceptedAt: '2026-11-24T13:40:02.000Z',
          answeredByProvider: undefined,
        },
      ],
      rejected: [],
    });
  });

  it('may have only what is required', () => {
    const { messages, rejected } = read(new URLSearchParams(onlyRequired).toString());
    expect(rejected).toEqual([]);
    expect(messages[0]).toMatchObject({ from: '+12065550101', text: '', to: undefined });
  });

  it('may have unknown parameters, and an attachment without words', () => {
    const body = `${changed(postedBody, { Body: '', NumMedia: '1' })}&MediaUrl0=https%3A%2F%2Fexample.org&New=1&New=2`;
    expect(read(body).messages[0]).toMatchObject({ from: '+12065550101', text: '' });
  });

  it.each([
    ['a name', 'MPESA', 'MPESA'],
    ['a short code', '72345', '72345'],
    ['a WhatsApp user without a number', 'whatsapp:US.1349120865530', 'whatsapp:US.1349120865530'],
    ['a Messenger user', 'messenger:1349120865530', 'messenger:1349120865530'],
    ['a channel that is not known', 'other:+12065550101', 'other:+12065550101'],
  ])('may come from %s', (_, from, sender) => {
    expect(messageOf({ From: from })).toMatchObject({ from, sender });
  });

  it.each(['whatsapp:+12065550101', 'rcs:+12065550101', 'WhatsApp:+12065550101'])(
    'from %s comes from the same person as by SMS, and is answered where it was written',
    (from) => {
      const to = 'whatsapp:+12065550199';
      expect(messageOf({ From: from, To: to })).toMatchObject({ from, to, sender: messageOf({})?.sender });
    },
  );

  it.each(['STOP', 'HELP', 'START'] as const)('that Twilio answered as %s says so', (type) => {
    expect(messageOf({ OptOutType: type })?.answeredByProvider).toBe(type);
  });

  it.each([
    ['STOP', ' stop '],
    ['STOP', 'Unsubscribe'],
    ['STOP', 'REVOKE'],
    ['HELP', 'info\n'],
    ['START', 'Unstop'],
  ] as const)('is answered by Twilio as %s where Advanced Opt-Out is off: %j', (kind, text) => {
    expect(messageOf({ Body: text })).toMatchObject({ answeredByProvider: kind, text });
  });

  it.each<[string, Record<string, string>]>([
    ['in another language', { Body: 'ALTO' }],
    ['with more words', { Body: 'please stop texting me' }],
    ['of YES, which Twilio answers only while the number is opted out', { Body: 'YES' }],
    ['by WhatsApp', { Body: 'STOP', From: 'whatsapp:+12065550101', To: 'whatsapp:+12065550199' }],
    ['to a short code', { Body: 'STOP', To: '32665' }],
  ])('is not answered by Twilio: a text %s', (_, changes) => {
    expect(messageOf(changes)).toMatchObject({ answeredByProvider: undefined, text: changes.Body });
  });

  it('with an unknown opt-out type, or a number to twice, loses only that', () => {
    expect(messageOf({ OptOutType: 'PAUSE' })).toMatchObject({ answeredByProvider: undefined, to: '+12065550199' });
    expect(read(`${postedBody}&To=%2B1&OptOutType=STOP`).messages[0]).toMatchObject({
      to: undefined,
      answeredByProvider: 'STOP',
    });
  });

  it('is the same message when it is posted again, and another one with another id', () => {
    const again = read(`${postedBody}&Attempt=2`).messages[0];
    expect(again?.id).toBe(messageOf({})?.id);
    expect(messageOf({ MessageSid: 'MM11111111111111111111111111111111' })?.id).not.toBe(again?.id);
  });

  it('may repeat a parameter with the same value', () => {
    expect(read(`${postedBody}&From=%2B12065550101`).messages).toHaveLength(1);
  });
});

describe('a text is rejected, with a reason that quotes nothing,', () => {
  it.each<[string, string, string]>([
    ['without an id', changed(postedBody, { MessageSid: undefined }), 'MessageSid'],
    ['with an id of another form', changed(postedBody, { MessageSid: `SM${'1'.repeat(33)}` }), 'MessageSid'],
    ['with two ids', `${postedBody}&MessageSid=SM${'2'.repeat(32)}`, 'MessageSid'],
    ['without a sender', changed(postedBody, { From: undefined }), 'From'],
    ['with an empty sender', changed(postedBody, { From: '' }), 'From'],
    ['with two senders', `${postedBody}&From=%2B12065550102`, 'From'],
    ['with two texts', `${postedBody}&Body=private`, 'Body'],
    ['with a text of 70 kB', changed(postedBody, { Body: 'private'.repeat(10_000) }), 'Body'],
    ['without an account', changed(postedBody, { AccountSid: undefined }), 'AccountSid'],
    ['of another account', changed(postedBody, { AccountSid: `AC${'3'.repeat(32)}` }), 'AccountSid'],
  ])('%s', (_, body, field) => {
    const reason = reasonOf(body) ?? '';
    expect(reason).toMatch(new RegExp(`^${field}: `));
    for (const quoted of ['1206555', 'private', 'there', '1111', '3333']) expect(reason).not.toContain(quoted);
  });
});

it.each([
  ['a call', `CallSid=CA${'1'.repeat(32)}&AccountSid=${settings.accountSid}&From=%2B12065550101&CallStatus=ringing`],
  ['nothing', ''],
  ['JSON', '{"MessageSid":"x"}'],
  ['bytes that are no UTF-8', Buffer.from([0xff, 0xfe, 0x3d, 0xff])],
])('a post with %s changes nothing', (_, body) => {
  expect(read(body)).toEqual({ messages: [], rejected: [] });
});

it('a form with too many parameters is not read', () => {
  const body = `${postedBody}${'&x=1'.repeat(maxParameters)}`;
  expect(() => read(body)).toThrow(expect.objectContaining({ constructor: ProblemError, status: 400 }));
});

it('a post is acknowledged with TwiML that sends no reply', () => {
  const inbound = inboundOf();
  expect(inbound.acknowledge(read(postedBody))).toBe('<?xml version="1.0" encoding="UTF-8"?><Response/>');
  expect(inbound.probe(new Date(0))).toEqual({ status: 'ok' });
});

describe('a quarantined post', () => {
  const inbound = inboundOf();

  it('is listed with its id and number, as far as it has them', () => {
    const raw = Buffer.from(changed(postedBody, { AccountSid: undefined }));
    expect(inbound.namesIn(raw)).toEqual({ guid: onlyRequired.MessageSid, number: '+12065550101' });
    expect(inbound.namesIn(Buffer.from('{'))).toEqual({ guid: undefined, number: undefined });
  });

  it('can be corrected', () => {
    const raw = Buffer.from(changed(postedBody, { MessageSid: 'x', From: '' }));
    const corrections = { guid: onlyRequired.MessageSid, number: 'whatsapp:+12065550101', message: 'No & thanks' };
    const [message] = read(inbound.correct?.(raw, corrections) ?? '').messages;
    expect(message).toMatchObject({
      id: prefixedMessageId('twilio', onlyRequired.MessageSid),
      from: 'whatsapp:+12065550101',
      to: '+12065550199',
      text: 'No & thanks',
    });
    expect(inbound.correct?.(raw, {}).toString()).toBe(raw.toString());
  });
});
