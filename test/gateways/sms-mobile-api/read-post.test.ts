import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maxBatchMessages } from '../../../src/domain/intake.js';
import { ProblemError } from '../../../src/http/problem.js';
import { aPost } from '../../helpers/messages.js';
import { read } from './read.js';

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

it('a message of the gateway is read unchanged', () => {
  const posted = {
    date: '2025-01-20',
    hour: '10:15:00',
    time_received: '2025-01-20 10:14:50',
    message: 'Yes, I agree',
    number: '+123456789',
    guid: 'test-001',
  };
  expect(read(posted)).toEqual({
    messages: [
      {
        version: 1,
        id: 'test-001',
        from: '+123456789',
        sender: '+123456789',
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

it.each<[what: string, overrides: Record<string, unknown>, fault: RegExp | undefined]>([
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

it('a JSON number becomes its digits', () => {
  expect(read(aPost({ number: 254_712_345_678 })).messages[0]?.from).toBe('254712345678');
});

it('junk in a date loses the date, not the text', () => {
  const [message] = read(aPost({ date: 7, hour: '10:15', time_received: null, message: 'kept' })).messages;
  expect(message).toMatchObject({ text: 'kept', hour: '10:15' });
  expect(message?.date).toBeUndefined();
  expect(message?.timeReceived).toBeUndefined();
});

it('unknown fields are ignored', () => {
  expect(Object.keys(read(aPost({ sim: 2 })).messages[0] ?? {})).not.toContain('sim');
});

it('every fault of a message is listed, and no value of it', () => {
  const fault = faultOf({ guid: '', number: true, message: ['private'] });
  expect(fault).toMatch(/guid: .*; number: .*; message: /);
  expect(fault).not.toContain('private');
});

describe('a batch', () => {
  it('may be empty', () => {
    expect(read({ messages: [] })).toEqual({ messages: [], rejected: [] });
  });

  it(`holds ${maxBatchMessages} messages, in their order`, () => {
    const posts = Array.from({ length: maxBatchMessages }, (_, index) => aPost({ guid: `batch-${index}` }));
    expect(read({ messages: posts }).messages.map(({ id: guid }) => guid)).toEqual(posts.map(({ guid }) => guid));
    expect(problemOf({ messages: [...posts, aPost()] })).toMatchObject({
      status: 422,
      message: expect.stringContaining('1000'),
    });
  });

  it('loses no good message to a bad one, and each bad one keeps its place and its raw JSON', () => {
    const bad = aPost({ guid: '', extra: 'kept raw' });
    const { messages, rejected } = read({
      messages: [aPost({ guid: 'a' }), bad, aPost({ guid: 'b' }), null, 'text', []],
    });
    expect(messages.map(({ id: guid }) => guid)).toEqual(['a', 'b']);
    expect(rejected.map(({ index, raw }) => ({ index, raw }))).toEqual([
      { index: 1, raw: JSON.stringify(bad) },
      { index: 3, raw: 'null' },
      { index: 4, raw: '"text"' },
      { index: 5, raw: '[]' },
    ]);
  });

  it.each([null, {}, 'x', 7, true])('is a list, not %j', (messages) => {
    expect(problemOf({ messages })).toMatchObject({ status: 422, message: '"messages" must be an array.' });
  });
});

it.each([null, 7, 'text', true, [], [aPost()]])('%j is not a post', (posted) => {
  expect(problemOf(posted)).toMatchObject({ status: 422, message: expect.stringContaining('JSON object') });
});

describe('any post', () => {
  const anyField = fc.oneof(fc.jsonValue(), fc.string({ unit: 'binary' }), fc.double());
  const almostMessage = fc.record(
    {
      guid: anyField,
      number: anyField,
      message: anyField,
      date: anyField,
      messages: anyField,
      ['__proto__']: anyField,
    },
    { requiredKeys: [] },
  );
  const anyJson = fc.oneof(
    fc.jsonValue(),
    almostMessage,
    fc.record({ messages: fc.array(fc.oneof(fc.jsonValue(), almostMessage)) }),
  );

  it('is read, rejected with its place, or a problem; nothing is lost on the way', () => {
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

  it('a valid message keeps guid, number and text, byte for byte', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 500 }),
      fc.string({ unit: fc.constantFrom('\uD83D', '\u0000', '\r', '\n', '"', '\\', '\u2028', 'é'), maxLength: 50 }),
    );
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
        expect(messages.map(({ id: guid, from: number, text: kept }) => ({ guid, number, message: kept }))).toEqual(
          posted.map(({ guid, number, message }) => ({ guid, number, message })),
        );
      }),
    );
  });

  it('the sender is one for all notations, and a GUID that looks like an id of another gateway is hashed', () => {
    const { messages } = read({
      messages: [
        aPost({ guid: 'a', number: '0015550001234' }),
        aPost({ guid: 'twilio.b', number: '+1 555 000 1234' }),
        aPost({ guid: 'c', number: 15550001234 }),
      ],
    });
    expect(messages.map(({ sender }) => sender)).toEqual(['+15550001234', '+15550001234', '15550001234']);
    expect(messages.map(({ id }) => id)).toEqual(['a', expect.stringMatching(/^guid-[0-9a-f]{64}$/), 'c']);
  });

  it('__proto__ changes no object and adds no field', () => {
    const fields = JSON.stringify(aPost({ guid: 'lent' }));
    expect(read(JSON.parse(`{"__proto__":${fields}}`)).messages).toEqual([]);
    expect(problemOf(JSON.parse(`[{"__proto__":${fields}}]`)).status).toBe(422);
    expect(read(JSON.parse(`{"__proto__":{"messages":[${fields}]}}`)).messages).toEqual([]);
    const [message] = read(JSON.parse(`{"__proto__":{"polluted":true},${fields.slice(1)}`)).messages;
    expect(message?.id).toBe('lent');
    expect(Object.getPrototypeOf(message)).toBe(Object.prototype);
    expect(message).not.toHaveProperty('polluted');
    expect({}).not.toHaveProperty('polluted');
  });
});
