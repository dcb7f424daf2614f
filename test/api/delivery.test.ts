import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readDelivery } from '../../src/api/delivery.js';
import { largestBatch } from '../../src/api/posted-message.js';
import { ProblemError } from '../../src/http/problem.js';
import { anEvent, aPost } from '../helpers/messages.js';

const acceptedAt = new Date('2025-01-20T10:15:01.234Z');
const read = (posted: unknown) => readDelivery(Buffer.from(JSON.stringify(posted)), acceptedAt);

/** What is wrong with a message that differs from a good one in this. */
function faultOf(overrides: Record<string, unknown>): string | undefined {
  const { messages, rejected } = read({ ...aPost(), ...overrides });
  expect(messages.length + rejected.length).toBe(1);
  return rejected[0]?.reason;
}

function problemOf(posted: unknown): ProblemError {
  try {
    read(posted);
  } catch (error) {
    expect(error).toBeInstanceOf(ProblemError);
    return error as ProblemError;
  }
  return expect.unreachable('it was read');
}

test('a message of the gateway is read as it came', () => {
  const posted = { date: '2025-01-20', hour: '10:15:00', time_received: '2025-01-20 10:14:50', message: 'Yes, I agree', number: '+123456789', guid: 'test-001' };
  expect(read(posted)).toEqual({
    messages: [
      {
        guid: 'test-001',
        number: '+123456789',
        text: 'Yes, I agree',
        acceptedAt: '2025-01-20T10:15:01.234Z',
        gateway: 'smsmobileapi',
        date: '2025-01-20',
        hour: '10:15:00',
        timeReceived: '2025-01-20 10:14:50',
      },
    ],
    rejected: [],
  });
});

test.each<[what: string, overrides: Record<string, unknown>, fault: RegExp | undefined]>([
  ['a GUID of one character', { guid: '1' }, undefined],
  ['a GUID of 1,000 characters', { guid: 'g'.repeat(1_000) }, undefined],
  ['a GUID of 1,001 characters', { guid: 'g'.repeat(1_001) }, /^guid: .*1000/],
  ['an empty GUID', { guid: '' }, /^guid: /],
  ['no GUID', { guid: undefined }, /^guid: .*expected string, received undefined/],
  ['a GUID that is a number', { guid: 7 }, /^guid: .*expected string, received number/],
  ['a name as the number', { number: 'MPESA' }, undefined],
  ['a number of 64 characters', { number: '1'.repeat(64) }, undefined],
  ['a number of 65 characters', { number: '1'.repeat(65) }, /^number: .*64/],
  ['an empty number', { number: '' }, /^number: /],
  ['no number', { number: undefined }, /^number: .*expected string or number/],
  ['a JSON number', { number: 254_712_345_678 }, undefined],
  ['a number that is no number', { number: Infinity }, /^number: /],
  ['a list of numbers', { number: ['+1555'] }, /^number: .*expected string or number/],
  ['an empty message', { message: '' }, undefined],
  ['a message of 40,000 characters', { message: 'x'.repeat(40_000) }, undefined],
  ['a message of 40,001 characters', { message: 'x'.repeat(40_001) }, /^message: .*40000/],
  ['no message', { message: undefined }, /^message: .*expected string, received undefined/],
  ['a message that is null', { message: null }, /^message: .*received null/],
  ['a message that is an object', { message: { text: 'hi' } }, /^message: .*received object/],
  ['unknown fields', { sim: 1, constructor: 'x', text: 'other' }, undefined],
  ['junk in the dates', { date: 20_250_120, hour: null, time_received: { at: 'x' } }, undefined],
  ['endless dates', { date: 'x'.repeat(10_000) }, undefined],
  ['no dates', { date: undefined, hour: undefined, time_received: undefined }, undefined],
])('%s', (_what, overrides, fault) => {
  if (fault) expect(faultOf(overrides)).toMatch(fault);
  else expect(faultOf(overrides)).toBeUndefined();
});

test('a JSON number becomes the digits it was', () => {
  expect(read(aPost({ number: 254_712_345_678 })).messages[0]?.number).toBe('254712345678');
});

test('junk in a date costs the date, not the text', () => {
  const [message] = read(aPost({ date: 7, hour: '10:15', time_received: null, message: 'kept' })).messages;
  expect(message).toMatchObject({ text: 'kept', hour: '10:15' });
  expect(message).not.toHaveProperty('date');
  expect(message).not.toHaveProperty('timeReceived');
});

test('unknown fields stay outside', () => {
  expect(Object.keys(read(aPost({ sim: 2 })).messages[0] ?? {})).not.toContain('sim');
});

test('every fault of a message is listed, and no value of it', () => {
  const fault = faultOf({ guid: '', number: true, message: ['private'] });
  expect(fault).toMatch(/guid: .*; number: .*; message: /);
  expect(fault).not.toContain('private');
});

describe('a batch', () => {
  test('may be empty', () => {
    expect(read({ messages: [] })).toEqual({ messages: [], rejected: [] });
  });

  test(`holds ${largestBatch} messages, in their order`, () => {
    const posts = Array.from({ length: largestBatch }, (_, index) => aPost({ guid: `batch-${index}` }));
    expect(read({ messages: posts }).messages.map(({ guid }) => guid)).toEqual(posts.map(({ guid }) => guid));
    expect(problemOf({ messages: [...posts, aPost()] })).toMatchObject({ status: 422, message: expect.stringContaining('1000') });
  });

  test('loses no good message to a bad one, and each bad one keeps its place and its raw JSON', () => {
    const bad = aPost({ guid: '', extra: 'kept raw' });
    const { messages, rejected } = read({ messages: [aPost({ guid: 'a' }), bad, aPost({ guid: 'b' }), null, 'text', []] });
    expect(messages.map(({ guid }) => guid)).toEqual(['a', 'b']);
    expect(rejected.map(({ index, raw }) => ({ index, raw }))).toEqual([
      { index: 1, raw: JSON.stringify(bad) },
      { index: 3, raw: 'null' },
      { index: 4, raw: '"text"' },
      { index: 5, raw: '[]' },
    ]);
  });

  test.each([null, {}, 'x', 7, true])('is a list, not %j', (messages) => {
    expect(problemOf({ messages })).toMatchObject({ status: 422, message: '"messages" must be an array.' });
  });
});

test.each([null, 7, 'text', true, [], [aPost()]])('%j is no delivery', (posted) => {
  expect(problemOf(posted)).toMatchObject({ status: 422, message: expect.stringContaining('JSON object') });
});

describe('whatever is posted', () => {
  const anyField = fc.oneof(fc.jsonValue(), fc.string({ unit: 'binary' }), fc.double());
  const almostMessage = fc.record({ guid: anyField, number: anyField, message: anyField, date: anyField, messages: anyField, ['__proto__']: anyField }, { requiredKeys: [] });
  const anyJson = fc.oneof(fc.jsonValue(), almostMessage, fc.record({ messages: fc.array(fc.oneof(fc.jsonValue(), almostMessage)) }));

  test('is read, rejected with its place, or a problem; nothing is lost on the way', () => {
    fc.assert(
      fc.property(anyJson, (posted) => {
        const parsed = JSON.parse(JSON.stringify(posted)) as { messages?: unknown[] };
        try {
          const { messages, rejected } = read(parsed);
          expect(messages.length + rejected.length).toBe(Array.isArray(parsed.messages) ? parsed.messages.length : 1);
        } catch (error) {
          expect(error).toBeInstanceOf(ProblemError);
          expect(error).toMatchObject({ status: 422 });
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test('a valid message keeps guid, number and text, byte for byte', () => {
    const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 500 }), fc.string({ unit: fc.constantFrom('\uD83D', '\u0000', '\r', '\n', '"', '\\', '\u2028', 'é'), maxLength: 50 }));
    const valid = fc.record({
      guid: fc.string({ unit: 'binary', minLength: 1, maxLength: 100 }),
      number: fc.string({ minLength: 1, maxLength: 64 }),
      message: text,
      sim: fc.jsonValue(),
    });
    fc.assert(
      fc.property(fc.array(valid, { maxLength: 5 }), (posted) => {
        const { messages, rejected } = read(JSON.parse(JSON.stringify({ messages: posted })));
        expect(rejected).toEqual([]);
        expect(messages.map(({ guid, number, text: kept }) => ({ guid, number, message: kept }))).toEqual(
          posted.map(({ guid, number, message }) => ({ guid, number, message })),
        );
      }),
    );
  });

  test('__proto__ changes no object and lends no field', () => {
    const fields = JSON.stringify(aPost({ guid: 'lent' }));
    expect(read(JSON.parse(`{"__proto__":${fields}}`)).messages).toEqual([]);
    expect(problemOf(JSON.parse(`[{"__proto__":${fields}}]`)).status).toBe(422);
    expect(read(JSON.parse(`{"__proto__":{"messages":[${fields}]}}`)).messages).toEqual([]);
    const [message] = read(JSON.parse(`{"__proto__":{"polluted":true},${fields.slice(1)}`)).messages;
    expect(message?.guid).toBe('lent');
    expect(Object.getPrototypeOf(message)).toBe(Object.prototype);
    expect(message).not.toHaveProperty('polluted');
    expect({}).not.toHaveProperty('polluted');
  });
});

describe('an event', () => {
  test('of a received text brings its message', () => {
    expect(read(anEvent({ guid: 'test-001', from: '+123456789', message: 'Yes, I agree', received_at: '2026-09-22T10:14:50Z' }))).toEqual({
      messages: [
        {
          guid: 'test-001',
          number: '+123456789',
          text: 'Yes, I agree',
          acceptedAt: '2025-01-20T10:15:01.234Z',
          gateway: 'smsmobileapi',
          timeReceived: '2026-09-22T10:14:50Z',
        },
      ],
      rejected: [],
    });
  });

  test.each(['sms.sent', 'sms.failed', 'call.missed', 'whatsapp.received', 'SMS.RECEIVED', ''])('of the type %j brings nothing, whatever it holds', (type) => {
    expect(read({ ...anEvent(), type })).toEqual({ messages: [], rejected: [] });
    expect(read({ id: 1, type, api_version: null, data: null })).toEqual({ messages: [], rejected: [] });
  });

  test.each([
    [{ guid: undefined }, /^data\.guid: /],
    [{ from: '' }, /^data\.from: /],
    [{ message: 7 }, /^data\.message: /],
  ])('whose text is wrong with %j is rejected and kept', (data, reason) => {
    const event = anEvent(data);
    expect(read(event)).toEqual({ messages: [], rejected: [{ index: 0, reason: expect.stringMatching(reason) as unknown, raw: JSON.stringify(event) }] });
  });

  test('without an id or a version of the kind we know still costs no text', () => {
    expect(read({ ...anEvent(), id: 7, api_version: ['x'] }).messages).toHaveLength(1);
  });

  test('is told from a message that has a type and data of its own', () => {
    expect(read({ ...aPost({ guid: 'g' }), type: 'sms.sent', data: {} }).messages).toMatchObject([{ guid: 'g' }]);
  });
});
