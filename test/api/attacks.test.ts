import { randomUUID } from 'node:crypto';
import { brotliCompressSync, constants, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { connectRaw, startTestApi, type TestApi, webhookPath } from '../helpers/api.js';
import { eventually } from '../helpers/eventually.js';
import { anEvent, aPost } from '../helpers/messages.js';
import { answersIn, outcomeOf } from '../helpers/raw-answers.js';
import { signedHeaders } from '../helpers/signing.js';

const mib = 1_048_576;
const token = 'a-webhook-secret_0.1~2';
const secret = 'signing-secret-of-now';
const secretBefore = 'signing-secret-before';
const proof = `X-Webhook-Secret: ${token}`;

/** One api lives through all of it. */
let api: TestApi;
beforeAll(async () => {
  api = await startTestApi({ token, signingSecrets: [secret, secretBefore] });
});
afterAll(() => api.close());

afterEach(async () => {
  await deliverGood();
  expect(api.events.filter(({ level }) => Number(level) >= 50)).toEqual([]);
  expect({}).not.toHaveProperty('polluted');
});

type Bytes = string | Buffer;

/** A request from its lines and its body. */
const request = (line: string, headers: string[], body: Bytes = '') => Buffer.concat([Buffer.from([line, ...headers, '', ''].join('\r\n')), Buffer.from(body)]);
const head = (...headers: string[]) => request(`POST ${webhookPath} HTTP/1.1`, ['Host: x', proof, ...headers]).toString();
const post = (body: Bytes, { headers = [proof], path = webhookPath } = {}) => request(`POST ${path} HTTP/1.1`, ['Host: x', `Content-Length: ${Buffer.byteLength(body)}`, ...headers], body);
const chunked = (chunks: Bytes, ...headers: string[]) => Buffer.concat([Buffer.from(head('Transfer-Encoding: chunked', ...headers)), Buffer.from(chunks)]);
const chunk = (data: string) => `${Buffer.byteLength(data).toString(16)}\r\n${data}\r\n`;
const get = (...headers: string[]) => request('GET /healthz HTTP/1.1', ['Host: x', ...headers]).toString();
const json = (fields: Record<string, unknown> = {}) => JSON.stringify(aPost(fields));

const messagesSince = (first: number) => api.deliveries.slice(first).flatMap(({ messages }) => messages);
const outcomesIn = (received: string) => answersIn(received).map(outcomeOf).join(', ');

/** Over an own connection, and handed over before it is answered. */
async function deliverGood(): Promise<void> {
  const guid = `good-${randomUUID()}`;
  const { socket, received, closed } = await connectRaw(api.port);
  socket.write(post(json({ guid }), { headers: [proof, 'Connection: close'] }));
  await closed;
  expect(outcomesIn(received())).toBe('200');
  expect(messagesSince(0).filter((message) => message.guid === guid)).toHaveLength(1);
}

const fieldsOfMessages = ['guid', 'number', 'text', 'acceptedAt', 'gateway', 'date', 'hour', 'timeReceived'];

/** Sends bytes; then these are the answers, all of them, and what they acknowledge is what was handed over. */
async function attack(bytes: Bytes, outcomes: string, { cutShort = false } = {}): Promise<void> {
  const first = api.deliveries.length;
  const { socket, received, closed } = await connectRaw(api.port);
  socket.write(bytes);
  const due = outcomes === '' ? 0 : outcomes.split(', ').length;
  if (!cutShort) await eventually(() => socket.closed || answersIn(received()).length >= due);
  socket.end();
  await closed;
  expect(outcomesIn(received())).toBe(outcomes);
  const acknowledged = Array.from(received().matchAll(/"message_count":(\d+)/g), ([, count]) => Number(count));
  const messages = messagesSince(first);
  expect(messages).toHaveLength(acknowledged.reduce((sum, count) => sum + count, 0));
  for (const message of messages) {
    expect(Object.getPrototypeOf(message)).toBe(Object.prototype);
    expect(fieldsOfMessages).toEqual(expect.arrayContaining(Object.keys(message)));
  }
}

type Row = [name: string, bytes: Bytes, outcomes: string];
const areAnswered = (rows: Row[]) => test.each(rows)('%s', (_name, bytes, outcomes) => attack(bytes, outcomes));

const improper = '400 bad-request';
const notJson = '400 not-json';
const tooComplex = '400 too-complex';
const unauthenticated = '401 unauthenticated';
const notFound = '404 not-found';
const notAllowed = '405 method-not-allowed';
const tooLarge = '413 body-too-large';
const encoded = '415 content-encoded';
const unexpected = '417 unknown-expectation';
const invalid = '422 invalid-messages';
const headersTooLarge = '431 headers-too-large';

describe('malformed', () => {
  areAnswered([
    ['a method alone', 'POST\r\n\r\n', improper],
    ['blanks', '   \r\n\r\n', improper],
    ['empty lines before a request', `\r\n\r\n${get()}`, '200'],
    ['two blanks within the request line', `POST  ${webhookPath} HTTP/ 1.1\r\nHost: x\r\n\r\n`, improper],
    ['tabs in the request line', 'GET\t/healthz\tHTTP/1.1\r\nHost: x\r\n\r\n', improper],
    ['a blank in the path', 'GET /a b HTTP/1.1\r\nHost: x\r\n\r\n', improper],
    ['a path without a slash', 'GET healthz HTTP/1.1\r\nHost: x\r\n\r\n', improper],
    ['a path that is not ASCII', 'GET /é HTTP/1.1\r\nHost: x\r\n\r\n', improper],
    ['a target that is no URL', 'GET http://[ HTTP/1.1\r\nHost: x\r\n\r\n', improper],
    ['a path of two slashes and no host', 'GET //[/ HTTP/1.1\r\nHost: x\r\n\r\n', notFound],
    ['a path that climbs', 'GET /api/../healthz HTTP/1.1\r\nHost: x\r\n\r\n', notFound],
    ['no version', 'GET /healthz\r\n\r\n', improper],
    ['the version 0.9', 'GET /healthz HTTP/0.9\r\nHost: x\r\n\r\n', improper],
    ['the version 1.9', 'GET /healthz HTTP/1.9\r\nHost: x\r\n\r\n', improper],
    ['the version 2.0', post(json()).toString().replace('HTTP/1.1', 'HTTP/2.0'), improper],
    ['a version of two digits', 'GET /healthz HTTP/11.1\r\nHost: x\r\n\r\n', improper],
    ['a version in lower case', 'GET /healthz http/1.1\r\nHost: x\r\n\r\n', improper],
    ['lines that end with LF alone', 'GET /healthz HTTP/1.1\nHost: x\n\n', improper],
    ['one header that ends with LF alone', 'GET /healthz HTTP/1.1\r\nHost: x\nA: b\r\n\r\n', improper],
    ['one header that ends with CR alone', 'GET /healthz HTTP/1.1\r\nHost: x\rA: b\r\n\r\n', improper],
    ['a NUL in the path', 'GET /health\0z HTTP/1.1\r\nHost: x\r\n\r\n', improper],
    ['a NUL in the name of a header', get('A\0: b'), improper],
    ['a NUL in a header', get('A: b\0c'), improper],
    ['a header folded over two lines', get('A: b', ' c'), improper],
    ['a fold before the first header', 'GET /healthz HTTP/1.1\r\n Host: x\r\n\r\n', improper],
    ['a header without a colon', get('nonsense'), improper],
    ['a header without a name', get(': b'), improper],
    ['a blank before the colon', get('A : b'), improper],
    ['a header name with brackets', get('(a): b'), improper],
    ['a header name that is not ASCII', get('é: b'), improper],
    ['no Host', request(`POST ${webhookPath} HTTP/1.1`, [proof, 'Content-Length: 2'], '{}'), improper],
    ['a Host that is none', request('GET /healthz HTTP/1.1', ['Host: [/@\\']), '200'],
    ['random bytes', Buffer.from(Array.from({ length: 512 }, (_, at) => (at * 197 + 91) & 0xff)), improper],
    ['a hello of TLS', Buffer.from(`16030100a5010000a10303${'5a'.repeat(160)}`, 'hex'), improper],
    ['the preface of HTTP/2 and its first frame', Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), Buffer.from('000000040000000000', 'hex')]), improper],
    ['a hello of SOCKS', Buffer.from([5, 1, 0]), improper],
    ['a hello of SSH', 'SSH-2.0-OpenSSH_9.6\r\n', improper],
    ['a line of the PROXY protocol', `PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n${get()}`, improper],
  ]);
});

const body = json();
describe('cut short', () => {
  test.each<Row>([
    ['nothing at all', '', ''],
    ['half a method', 'PO', improper],
    ['half a request line', `POST ${webhookPath.slice(0, 9)}`, improper],
    ['half the headers', 'GET /healthz HTTP/1.1\r\nHost: x\r\nA', improper],
    ['headers without their end', get().slice(0, -2), improper],
    ['a body that never begins', post(body).subarray(0, -body.length), improper],
    ['a body that lacks its last byte', post(body).subarray(0, -1), improper],
    ['chunks without the last one', chunked(chunk(body)), improper],
    ['half a chunk', chunked(chunk(body).slice(0, 40)), improper],
    ['the second of two requests', Buffer.concat([post(body), post(body).subarray(0, -1)]), '200, 400 bad-request'],
  ])('%s', (_name, bytes, outcomes) => attack(bytes, outcomes, { cutShort: true }));

  areAnswered([
    ['JSON that lacks its last brace', post(body.slice(0, -1)), notJson],
    ['JSON cut within a text', post(body.slice(0, body.indexOf('agree'))), notJson],
    ['JSON cut within an escape', post('{"guid":"\\u00'), notJson],
    ['JSON cut within a character', post(Buffer.from('{"guid":"é').subarray(0, -1)), notJson],
    ['a Content-Length too small for its JSON', head(`Content-Length: ${body.length - 5}`) + body, '400 not-json, 400 bad-request'],
    ['an empty body', post(''), notJson],
    ['no body and no length', head(), notJson],
  ]);

  test.each([
    ['in a CONNECT', request('CONNECT evil:443 HTTP/1.1', ['Host: x'])],
    ['in an Upgrade', get('Connection: Upgrade', 'Upgrade: websocket')],
    ['with an unknown expectation', head('Expect: x', 'Content-Length: 2')],
    ['in random bytes', 'random'],
    ['in a body', post(body).subarray(0, -1)],
    ['before it reads the answer', post(body)],
  ])('by a reset %s', async (_when, bytes) => {
    for (let round = 0; round < 20; round++) {
      const { socket, closed } = await connectRaw(api.port);
      await new Promise((resolve) => socket.write(bytes, resolve));
      socket.resetAndDestroy();
      await closed;
    }
  });
});

const padded = (bytes: number) => `${body.slice(0, -1)},"x":"${'x'.repeat(bytes - body.length - 7)}"}`;
const bigChunk = chunk(' '.repeat(0x10000));
describe('too large', () => {
  areAnswered([
    ['a body of 1 MiB and a byte', post(padded(mib + 1)), tooLarge],
    ['a body of exactly 1 MiB', post(padded(mib)), '200'],
    ['a length of 1 GiB', head(`Content-Length: ${1_024 * mib}`, 'Connection: close'), tooLarge],
    ['a length of 2^63 - 1', head('Content-Length: 9223372036854775807', 'Connection: close'), tooLarge],
    ['a length of 2^64 - 1', head('Content-Length: 18446744073709551615', 'Connection: close'), tooLarge],
    ['a length past 2^64', head('Content-Length: 18446744073709551617'), improper],
    ['1 MiB and more in chunks', chunked(`${bigChunk.repeat(17)}0\r\n\r\n`), tooLarge],
    ['100,000 chunks of one byte', chunked(`${'1\r\n \r\n'.repeat(100_000)}0\r\n\r\n`), notJson],
    ['extensions of a chunk', chunked(`5;${'x'.repeat(20_000)}\r\nhello\r\n0\r\n\r\n`), tooLarge],
    ['extensions of many chunks, of which none is kept', chunked(`${`1;${'x'.repeat(1_000)}\r\n \r\n`.repeat(100)}0\r\n\r\n`), notJson],
    ['a trailer', chunked(`0\r\nA: ${'x'.repeat(20_000)}\r\n\r\n`), headersTooLarge],
    ['one header', get(`A: ${'x'.repeat(20_000)}`), headersTooLarge],
    ['the name of a header', get(`${'x'.repeat(20_000)}: a`), headersTooLarge],
    ['many headers', get(...Array.from({ length: 400 }, (_, at) => `X-${at}: ${'x'.repeat(50)}`)), headersTooLarge],
    ['more headers than are kept', get(...Array<string>(5_000).fill('A: b')), '200'],
    ['a token', post(body, { headers: [`X-Webhook-Secret: ${'x'.repeat(20_000)}`] }), headersTooLarge],
    ['a URL', request(`GET /${'x'.repeat(20_000)} HTTP/1.1`, ['Host: x']), headersTooLarge],
    ['a URL that is long, but not too long', request(`GET /${'x'.repeat(10_000)} HTTP/1.1`, ['Host: x']), notFound],
    ['a query', post(body, { path: `${webhookPath}?${'a=1&'.repeat(5_000)}` }), headersTooLarge],
    ['a query of many fields', post(body, { path: `${webhookPath}?${'a=1&'.repeat(2_500)}` }), '200'],
    ['a method', request(`${'A'.repeat(20_000)} / HTTP/1.1`, ['Host: x']), improper],
    ['a GUID', post(json({ guid: 'g'.repeat(100_000) })), invalid],
    ['a text', post(json({ message: 'x'.repeat(100_000) })), invalid],
    ['a number', post(json({ number: '1'.repeat(100_000) })), invalid],
    ['a date', post(json({ date: '1'.repeat(100_000) })), '200'],
    ['a batch', post(JSON.stringify({ messages: Array(1_001).fill(aPost()) })), invalid],
  ]);
});

const zeros = Buffer.alloc(16 * mib);
const squeezed = { gzip: gzipSync(zeros), br: brotliCompressSync(zeros, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }), deflate: deflateSync(zeros) };
const nested = (depth: number, open: string, close: string) => `${open.repeat(depth)}0${close.repeat(depth)}`;
describe('a bomb', () => {
  areAnswered([
    ...Object.entries(squeezed).map(([encoding, bytes]): Row => [`of 16 MiB in ${encoding}`, post(bytes, { headers: [proof, `Content-Encoding: ${encoding}`] }), encoded]),
    ['squeezed twice', post(gzipSync(squeezed.gzip), { headers: [proof, 'Content-Encoding: gzip, gzip'] }), encoded],
    ['with an encoding nobody knows', post(body, { headers: [proof, 'Content-Encoding: x'] }), encoded],
    ['with its encoding twice', post(squeezed.gzip, { headers: [proof, 'Content-Encoding: identity', 'Content-Encoding: gzip'] }), encoded],
    ['that does not say it is one', post(squeezed.gzip), notJson],
    ['in chunks', chunked(Buffer.concat([Buffer.from(`${squeezed.gzip.length.toString(16)}\r\n`), squeezed.gzip, Buffer.from('\r\n0\r\n\r\n')]), 'Content-Encoding: gzip'), encoded],
    ['in the transfer', Buffer.from(head('Transfer-Encoding: gzip, chunked') + `${chunk(body)}0\r\n\r\n`), improper],
    ['of 33 levels of lists', post(`{"x":${nested(32, '[', ']')}}`), tooComplex],
    ['of 33 levels of objects', post(nested(33, '{"x":', '}')), tooComplex],
    ['of 500,000 lists', post(nested(500_000, '[', ']')), tooComplex],
    ['of 150,000 objects', post(nested(150_000, '{"x":', '}')), tooComplex],
    ['of lists without an end', post('['.repeat(mib)), tooComplex],
    ['of closing brackets', post(']'.repeat(mib)), notJson],
    ['of 100,001 items', post(`[${'0,'.repeat(100_001)}0]`), tooComplex],
    ['of 60,000 fields', post(`{${Array.from({ length: 60_000 }, (_, at) => `"${at}":0`).join()}}`), tooComplex],
    ['of 60,000 times the same field', post(`{${'"guid":0,'.repeat(60_000)}"guid":0}`), tooComplex],
    ['of 1,000 messages that are none', post(JSON.stringify({ messages: Array(1_000).fill({}) })), invalid],
    ['of backslashes', post(`{"guid":"${'\\'.repeat(mib - 20)}"}`), invalid],
    ['of quotes', post('"'.repeat(mib - 20)), notJson],
    ['of digits', post(`{"number":${'9'.repeat(mib - 20)}}`), invalid],
    ['of blanks', post(' '.repeat(mib)), notJson],
    ['of byte order marks', post('\uFEFF'.repeat(300_000)), notJson],
  ]);
});

/** A good message as JSON, with more of it written in. */
const withMore = (more: string, fields: Record<string, unknown> = aPost()) => `{${more},${JSON.stringify(fields).slice(1)}`;
const polluting = '{"polluted":true,"guid":"polluted","number":"1","message":"polluted","sim":1}';
describe('a key of the prototype', () => {
  areAnswered([
    ['__proto__', post(withMore(`"__proto__":${polluting}`)), '200'],
    ['__proto__ written with an escape', post(withMore(`"__pr\\u006fto__":${polluting}`)), '200'],
    ['__proto__ alone', post(`{"__proto__":${polluting}}`), invalid],
    ['__proto__ that is null', post(withMore('"__proto__":null')), '200'],
    ['__proto__ that holds the batch', post(`{"__proto__":{"messages":[${polluting}]}}`), invalid],
    ['__proto__ nested', post(withMore(`"x":{"y":{"__proto__":${polluting}}}`)), '200'],
    ['__proto__ as a field', post(json({ message: JSON.parse(`{"__proto__":${polluting}}`) as unknown })), invalid],
    ['__proto__ of a message in a batch', post(`{"messages":[${withMore(`"__proto__":${polluting}`)},{"__proto__":${polluting}}]}`), '200'],
    ['__proto__ of the batch', post(`{"__proto__":${polluting},"messages":[${json()}]}`), '200'],
    ['__proto__ of the list', post(`{"messages":{"__proto__":[${json()}],"length":1}}`), invalid],
    ['__proto__ of an event', post(withMore(`"__proto__":${polluting}`, anEvent())), '200'],
    ['__proto__ of the data of an event', post(JSON.stringify(anEvent()).replace('"data":{', `"data":{"__proto__":${polluting},`)), '200'],
    ['__proto__ as all the data of an event', post(`{"type":"sms.received","data":{"__proto__":${polluting}}}`), invalid],
    ['constructor.prototype', post(withMore(`"constructor":{"prototype":${polluting}}`)), '200'],
    ['constructor.prototype nested', post(withMore(`"x":{"constructor":{"prototype":${polluting}}}`)), '200'],
    ['constructor.prototype of a message in a batch', post(`{"messages":[${withMore(`"constructor":{"prototype":${polluting}}`)}]}`), '200'],
    ['constructor.prototype of the data of an event', post(JSON.stringify(anEvent()).replace('"data":{', `"data":{"constructor":{"prototype":${polluting}},`)), '200'],
    ['toString, valueOf and toJSON', post(withMore('"toString":1,"valueOf":2,"toJSON":3,"hasOwnProperty":4,"then":5')), '200'],
    ['toString of a field', post(json({ number: { toString: '1', length: 1 } })), invalid],
    ['__proto__ as a header', post(body, { headers: [proof, '__proto__: x', 'constructor: y'] }), '200'],
    ['__proto__ in the query', post(body, { path: `${webhookPath}?__proto__[polluted]=1&constructor[prototype][polluted]=1&__proto__=1` }), '200'],
    ['__proto__ as the token in the path', post(body, { headers: [], path: `${webhookPath}/__proto__` }), unauthenticated],
  ]);
});

const junk = [null, true, [], {}, ['x'], { x: 1 }];
const times = (count: number, outcome: string) => Array<string>(count).fill(outcome).join(', ');
/** One after the other on the same connection. */
const inARow = (bodies: unknown[]) => Buffer.concat(bodies.map((one) => post(JSON.stringify(one))));
const ofAllKinds = (name: string, make: (value: unknown) => unknown, values: unknown[], outcome: string): Row => [name, inARow(values.map(make)), times(values.length, outcome)];
describe('a wrong type', () => {
  areAnswered([
    ...[null, true, 7, 'text', [], [aPost()], [[]]].map((value): Row => [`as the whole body: ${JSON.stringify(value).slice(0, 9)}`, post(JSON.stringify(value)), invalid]),
    ofAllKinds('as guid', (guid) => aPost({ guid }), [...junk, 7, ''], invalid),
    ofAllKinds('as number', (number) => aPost({ number }), [...junk, ''], invalid),
    ['as number, past what a double holds', post('{"guid":"g","message":"m","number":1e400}'), invalid],
    ofAllKinds('as message', (message) => aPost({ message }), [...junk, 7], invalid),
    ...['date', 'hour', 'time_received'].map((field) => ofAllKinds(`as ${field}, which costs no text`, (value) => aPost({ [field]: value }), [...junk, 7], '200')),
    ofAllKinds('as messages', (messages) => ({ messages }), [null, true, {}, { x: 1 }, 7, 'text', { length: 1, 0: aPost() }], invalid),
    ofAllKinds('as one of the messages', (value) => ({ messages: [value] }), [...junk, 7, 'text', [aPost()]], invalid),
    ofAllKinds('as one of the messages, beside a good one', (value) => ({ messages: [value, aPost()] }), [...junk, 7, 'text'], '200'),
    ...['guid', 'number', 'message'].map((field) => ofAllKinds(`as ${field} in a batch`, (value) => ({ messages: [aPost({ [field]: value })] }), junk, invalid)),
    ofAllKinds('as id of an event, which costs no text', (id) => ({ ...anEvent(), id }), [...junk, 7], '200'),
    ofAllKinds('as type of an event', (type) => ({ ...anEvent(), type }), [...junk, 7], invalid),
    ofAllKinds('as api_version of an event, which costs no text', (value) => ({ ...anEvent(), api_version: value }), [...junk, 7], '200'),
    ofAllKinds('as created_at of an event, which costs no text', (value) => ({ ...anEvent(), created_at: value }), [...junk, 7], '200'),
    ofAllKinds('as data of an event', (data) => ({ ...anEvent(), data }), [...junk, 7, 'text', [aPost()]], invalid),
    ofAllKinds('as data.guid of an event', (guid) => anEvent({ guid }), [...junk, 7, ''], invalid),
    ofAllKinds('as data.from of an event', (from) => anEvent({ from }), [...junk, ''], invalid),
    ofAllKinds('as data.message of an event', (message) => anEvent({ message }), [...junk, 7], invalid),
    ofAllKinds('as data.received_at of an event, which costs no text', (value) => anEvent({ received_at: value }), [...junk, 7], '200'),
    ['of the content, which nobody asks', post(body, { headers: [proof, 'Content-Type: multipart/form-data; boundary=x'] }), '200'],
    ['of the content, and a form', post('guid=g&number=1&message=m', { headers: [proof, 'Content-Type: application/x-www-form-urlencoded'] }), notJson],
    ['of the encoding: UTF-16', post(Buffer.from(body, 'utf16le')), notJson],
    ['of the encoding: Latin-1', post(Buffer.from(json({ message: 'Sí' }), 'latin1')), notJson],
  ]);
});

const smuggled = post(json({ guid: 'smuggled' })).toString();
const coding = (...values: string[]) => head(...values.map((value) => `Transfer-Encoding: ${value}`)) + `${chunk(body)}0\r\n\r\n`;
describe('smuggling', () => {
  areAnswered([
    ['a length, then chunks', `${head('Content-Length: 5', 'Transfer-Encoding: chunked')}0\r\n\r\n${smuggled}`, improper],
    ['chunks, then a length', `${head('Transfer-Encoding: chunked', 'Content-Length: 5')}0\r\n\r\n${smuggled}`, improper],
    ['a length of 0 and chunks', `${head('Content-Length: 0', 'Transfer-Encoding: chunked')}${smuggled}`, improper],
    ['chunked twice', coding('chunked', 'chunked'), improper],
    ['chunked, then identity', coding('chunked', 'identity'), improper],
    ['identity, then chunked', coding('identity', 'chunked'), improper],
    ['chunked, chunked', coding('chunked, chunked'), improper],
    ['chunked, gzip', coding('chunked, gzip'), improper],
    ['an empty coding, then chunked', coding(', chunked'), improper],
    ['xchunked', coding('xchunked'), improper],
    ['identity', coding('identity'), improper],
    ['no coding', coding(''), improper],
    ['chunked in quotes', coding('"chunked"'), improper],
    ['chunked with a parameter', coding('chunked;q=1'), improper],
    ['chunked after a vertical tab', coding('\x0bchunked'), improper],
    ['chunked and a NUL', coding('chunked\0'), improper],
    ['chunked on a second line', coding('\r\n chunked'), improper],
    ['chunked in capitals', coding('CHUNKED'), '200'],
    ['a blank before the colon of Transfer-Encoding', `${head('Transfer-Encoding : chunked')}0\r\n\r\n${smuggled}`, improper],
    ['a blank before the colon of Content-Length', head('Content-Length : 5') + smuggled, improper],
    ['Transfer-Encoding behind LF alone', head('A: b\nTransfer-Encoding: chunked') + smuggled, improper],
    ['chunks in HTTP/1.0', `POST ${webhookPath} HTTP/1.0\r\n${proof}\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n${chunk(body)}0\r\n\r\n`, improper],
    ['a request in the body of another', post(smuggled), notJson],
    ['a request in the body of a GET', get(`Content-Length: ${smuggled.length}`) + smuggled, '200'],
    ['a request in the chunks of a GET', `${get('Transfer-Encoding: chunked')}${chunk(smuggled)}0\r\n\r\n`, '200'],
    ['a request in the body of what nobody offers', request('POST /nothing HTTP/1.1', ['Host: x', `Content-Length: ${smuggled.length}`], smuggled), notFound],
    ['a request in the body of one without a token', post(smuggled, { headers: [] }), unauthenticated],
    ['a request in the extension of a chunk', chunked(`2;\n${smuggled}\r\n{}\r\n0\r\n\r\n`), improper],
    ['a token and a length in the trailer', chunked(`${chunk(body)}0\r\nX-Webhook-Secret: x\r\nContent-Length: 5\r\n\r\n`), improper],
    ['a method in the headers', post(body, { headers: ['X-HTTP-Method-Override: GET', 'X-Original-URL: /healthz', 'X-Forwarded-For: 127.0.0.1'] }), unauthenticated],
  ]);
});

describe('a length', () => {
  areAnswered([
    ['twice the same', head(`Content-Length: ${body.length}`, `Content-Length: ${body.length}`) + body, improper],
    ['twice, different', head(`Content-Length: ${body.length}`, 'Content-Length: 1') + body, improper],
    ['as a list', head(`Content-Length: ${body.length}, ${body.length}`) + body, improper],
    ['below zero', head('Content-Length: -1'), improper],
    ['with a plus', head(`Content-Length: +${body.length}`) + body, improper],
    ['in letters', head('Content-Length: ten'), improper],
    ['in hex', head('Content-Length: 0x10'), improper],
    ['with an exponent', head('Content-Length: 1e3'), improper],
    ['with a point', head('Content-Length: 10.0'), improper],
    ['with a blank inside', head('Content-Length: 1 0'), improper],
    ['that is empty', head('Content-Length:'), improper],
    ['that begins with zeros', head(`Content-Length: ${'0'.repeat(40)}${body.length}`) + body, '200'],
    ['of a chunk below zero', chunked('-1\r\n'), improper],
    ['of a chunk in no hex', chunked('G\r\n'), improper],
    ['of a chunk with 0x', chunked('0x5\r\nhello\r\n0\r\n\r\n'), improper],
    ['of a chunk past 2^64', chunked('fffffffffffffffff\r\n'), improper],
    ['of a chunk that is empty', chunked('\r\n'), improper],
    ['of a chunk with a blank behind', chunked('5 \r\nhello\r\n0\r\n\r\n'), improper],
    ['of a chunk with a NUL', chunked('\0\r\n'), improper],
    ['of a chunk too small for it', chunked('2\r\nhello\r\n0\r\n\r\n'), improper],
    ['of a chunk behind LF alone', chunked('5\nhello\n0\n\n'), improper],
  ]);
});

const connectRequest = request('CONNECT evil:443 HTTP/1.1', ['Host: x']).toString();
const expecting = (expectation: string) => head(`Expect: ${expectation}`, `Content-Length: ${body.length}`) + body;
describe('what nobody offers', () => {
  areAnswered([
    ['an expectation that is met', expecting('100-continue'), '100, 200'],
    ['an expectation nobody knows', expecting('the-unexpected'), unexpected],
    ['an expectation that is empty', expecting('""'), unexpected],
    ['an Upgrade to a web socket', get('Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=='), '200'],
    ['an Upgrade to HTTP/2', get('Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA'), '200'],
    ['an Upgrade of a delivery', post(body, { headers: [proof, 'Connection: Upgrade', 'Upgrade: x'] }), '200'],
    ['CONNECT', connectRequest, notAllowed],
    ['CONNECT and what would go through', `${connectRequest}${smuggled}`, notAllowed],
    ['a method nobody knows', request('FOO /healthz HTTP/1.1', ['Host: x']), improper],
    ['a method in lower case', request('get /healthz HTTP/1.1', ['Host: x']), improper],
    ...['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'PURGE', 'QUERY'].map((method): Row => [`${method} of the webhook`, request(`${method} ${webhookPath} HTTP/1.1`, ['Host: x', proof]), notAllowed]),
    ['OPTIONS of all', request('OPTIONS * HTTP/1.1', ['Host: x']), notFound],
    ['a request to go elsewhere', request('GET http://169.254.169.254/latest/meta-data HTTP/1.1', ['Host: 169.254.169.254']), notFound],
    ['a path that is no file', request('GET /..%2f..%2f..%2fetc%2fpasswd HTTP/1.1', ['Host: x']), notFound],
  ]);
});

describe('pipelined', () => {
  const guids = Array.from({ length: 200 }, (_, at) => `pipelined-${at}`);
  const both = Buffer.concat([post(body), post(body)]).toString();

  areAnswered([
    ['200 deliveries', Buffer.concat(guids.map((guid) => post(json({ guid })))), times(200, '200')],
    ['1,000 requests of nothing', get().repeat(1_000), times(1_000, '200')],
    ['bad ones between good ones', Buffer.concat([post(body), post('{'), post(body), post(body, { headers: [] }), post('[]'), post(body)]), `200, ${notJson}, 200, ${unauthenticated}, ${invalid}, 200`],
    ['two that are answered before what is no HTTP', `${both}random\r\n\r\n${smuggled}`, `200, 200, ${improper}`],
    ['two that are answered before headers too large', both + get(`A: ${'x'.repeat(20_000)}`), `200, 200, ${headersTooLarge}`],
    ['an unknown expectation between good ones', both + expecting('x') + smuggled, `200, 200, ${unexpected}, 200`],
    ['two that are answered before a CONNECT', both + connectRequest + smuggled, `200, 200, ${notAllowed}`],
    ['one behind the last', Buffer.concat([post(body, { headers: [proof, 'Connection: close'] }), Buffer.from(smuggled)]), '200'],
  ]);

  test('are handed over in their order', () => {
    expect(messagesSince(0).map(({ guid }) => guid).filter((guid) => guid.startsWith('pipelined-'))).toEqual(guids);
  });

  test('what comes behind a fault is not read, however much it is', async () => {
    const { socket, received, closed } = await connectRaw(api.port);
    let finish = () => {};
    api.answerWith(() => new Promise((resolve) => (finish = resolve)));
    const first = api.deliveries.length;
    socket.write(post(body));
    await eventually(() => api.deliveries.length === first + 1);
    for (let round = 0; round < 20; round++) await new Promise((resolve) => socket.write('random '.repeat(1_000), () => setImmediate(resolve)));
    api.answerWith(async () => {});
    finish();
    await closed;
    expect(outcomesIn(received())).toBe(`200, ${improper}`);
  });
});

const event = JSON.stringify(anEvent());
const signed = (headers: Record<string, string | undefined>, sent: Bytes = event) => post(sent, { headers: Object.entries(headers).map(([name, value]) => `${name}: ${value}`) });
const good = signedHeaders(event, secret);
const mark = String(good['X-SMSMobileAPI-Signature']);
const marked = (...marks: string[]) => post(event, { headers: [`X-SMSMobileAPI-Timestamp: ${good['X-SMSMobileAPI-Timestamp']}`, ...marks.map((one) => `X-SMSMobileAPI-Signature: ${one}`)] });
const next = { as: 'X-SMSMobileAPI-Signature-Next' };
const minutesAway = (minutes: number) => ({ atMs: Date.now() + minutes * 60_000 });
describe('a signature', () => {
  areAnswered([
    ['that is right', signed(good), '200'],
    ['of a rotated secret', signed(signedHeaders(event, secretBefore)), '200'],
    ['in Signature-Next alone', signed(signedHeaders(event, secret, next)), '200'],
    ['in Signature-Next, beside one of another secret', signed({ ...signedHeaders(event, 'of-tomorrow'), ...signedHeaders(event, secret, next) }), '200'],
    ['beside one of another secret in Signature-Next', signed({ ...signedHeaders(event, 'of-tomorrow', next), ...good }), '200'],
    ['in chunks of its body', request(`POST ${webhookPath} HTTP/1.1`, ['Host: x', 'Transfer-Encoding: chunked', ...Object.entries(good).map((pair) => pair.join(': '))], `${chunk(event.slice(0, 9))}${chunk(event.slice(9))}0\r\n\r\n`), '200'],
    ['of four minutes ago', signed(signedHeaders(event, secret, minutesAway(-4))), '200'],
    ['that is missing', post(event, { headers: [] }), unauthenticated],
    ['that is missing beside its time', marked(), unauthenticated],
    ['that is empty', marked(''), unauthenticated],
    ['that is wrong', marked(`v1=${'0'.repeat(64)}`), unauthenticated],
    ['that lacks its last digit', marked(mark.slice(0, -1)), unauthenticated],
    ['that lacks its second half', marked(mark.slice(0, 35)), unauthenticated],
    ['that goes on', marked(`${mark}00`), unauthenticated],
    ['with one digit changed', marked(mark.slice(0, -1) + (mark.endsWith('0') ? '1' : '0')), unauthenticated],
    ['in hex of capitals', marked(`v1=${mark.slice(3).toUpperCase()}`), unauthenticated],
    ['of another scheme', marked(mark.replace('v1', 'v2')), unauthenticated],
    ['in base64', marked(`v1=${Buffer.from(mark.slice(3), 'hex').toString('base64')}`), unauthenticated],
    ['twice in headers of the same name', marked(mark, mark), unauthenticated],
    ['twice, one of them right', marked(`v1=${'0'.repeat(64)}`, mark), unauthenticated],
    ['of another secret', signed(signedHeaders(event, 'of-tomorrow')), unauthenticated],
    ['of another secret in Signature-Next', signed(signedHeaders(event, 'of-tomorrow', next)), unauthenticated],
    ['of the token', signed(signedHeaders(event, token)), unauthenticated],
    ['of no secret', signed(signedHeaders(event, '')), unauthenticated],
    ['of another body', signed(signedHeaders(`${event} `, secret)), unauthenticated],
    ['of a body with one byte flipped', signed(good, event.replace('Yes', 'yes')), unauthenticated],
    ['of a body written again', signed(good, JSON.stringify(JSON.parse(event), null, 1)), unauthenticated],
    ['of a body cut short', signed(good, event.slice(0, -1)), unauthenticated],
    ['of six minutes ago', signed(signedHeaders(event, secret, minutesAway(-6))), unauthenticated],
    ['of a year ago', signed(signedHeaders(event, secret, minutesAway(-525_600))), unauthenticated],
    ['in six minutes', signed(signedHeaders(event, secret, minutesAway(6))), unauthenticated],
    ['without its time', signed({ 'X-SMSMobileAPI-Signature': mark }), unauthenticated],
    ['of another time', signed({ ...good, 'X-SMSMobileAPI-Timestamp': String(Number(good['X-SMSMobileAPI-Timestamp']) - 1) }), unauthenticated],
    ['of a time that is none', signed({ ...good, 'X-SMSMobileAPI-Timestamp': 'NaN' }), unauthenticated],
    ['of a time in milliseconds', signed({ ...good, 'X-SMSMobileAPI-Timestamp': `${good['X-SMSMobileAPI-Timestamp']}000` }), unauthenticated],
    ['of two times', signed({ ...good, 'x-smsmobileapi-timestamp': '0' }), unauthenticated],
    ['that is wrong, of a bomb', signed({ ...good, 'Content-Encoding': 'gzip' }, squeezed.gzip), encoded],
    ['that is wrong, of a body too large', signed(good, padded(mib + 1)), tooLarge],
    ['that is wrong, of what is not JSON', signed(good, '{'), unauthenticated],
    ['that is right, of what is not JSON', signed(signedHeaders('{', secret), '{'), notJson],
  ]);
});

const wrongToken = `${token.slice(0, -1)}3`;
const offering = (headers: string[], path = webhookPath) => post(body, { headers, path });
describe('a token', () => {
  areAnswered([
    ['right in the header', offering([proof]), '200'],
    ['right in the query', offering([], `${webhookPath}?token=${token}`), '200'],
    ['right in the path', offering([], `${webhookPath}/${token}`), '200'],
    ['missing', offering([]), unauthenticated],
    ['wrong in the header', offering([`X-Webhook-Secret: ${wrongToken}`]), unauthenticated],
    ['wrong in the query', offering([], `${webhookPath}?token=${wrongToken}`), unauthenticated],
    ['wrong in the path', offering([], `${webhookPath}/${wrongToken}`), unauthenticated],
    ['wrong in all three', offering([`X-Webhook-Secret: ${wrongToken}`], `${webhookPath}/${wrongToken}?token=${wrongToken}`), unauthenticated],
    ['empty in all three', offering(['X-Webhook-Secret:'], `${webhookPath}/?token=`), unauthenticated],
    ['in capitals', offering([proof.replace(token, token.toUpperCase())]), unauthenticated],
    ['that is the beginning of it', offering([`X-Webhook-Secret: ${token.slice(0, -1)}`]), unauthenticated],
    ['that goes on', offering([`${proof}x`]), unauthenticated],
    ['twice in headers of the same name', offering([proof, proof]), unauthenticated],
    ['twice in the query', offering([], `${webhookPath}?token=${token}&token=${token}`), unauthenticated],
    ['as a list in the query', offering([], `${webhookPath}?token[]=${token}`), unauthenticated],
    ['in a cookie, a bearer and a password', offering([`Cookie: token=${token}`, `Authorization: Bearer ${token}`, `Proxy-Authorization: Basic ${token}`]), unauthenticated],
    ['in the body', post(json({ token, 'X-Webhook-Secret': token }), { headers: [] }), unauthenticated],
    ['that is a signing secret', offering([`X-Webhook-Secret: ${secret}`]), unauthenticated],
    ['with a NUL in the path', offering([], `${webhookPath}/${token}%00`), unauthenticated],
    ['with half an escape in the path', offering([], `${webhookPath}/%E0%A4%A`), unauthenticated],
    ['wrong, of a body too large', post(padded(mib + 1), { headers: [`X-Webhook-Secret: ${wrongToken}`] }), unauthenticated],
  ]);
});

/** What came, and after how many milliseconds it was over; a `drip` is sent over and over until then. */
async function untilCutOff(bytes: Bytes, drip: string) {
  const { socket, received, closed } = await connectRaw(api.port);
  const startedMs = performance.now();
  if (bytes.length > 0) socket.write(bytes);
  const dripping = setInterval(() => drip && socket.writable && socket.write(drip), 200);
  await closed;
  clearInterval(dripping);
  return { outcomes: outcomesIn(received()), tookMs: performance.now() - startedMs };
}

/** A limit, and the second in which it is looked after; what is above is for a slow machine. */
const headersTime = [4_900, 9_000] as const;
const requestTime = [9_900, 14_000] as const;

describe.concurrent('slow', () => {
  test.each<[name: string, bytes: Bytes, drip: string, outcomes: string, time: readonly [number, number]]>([
    ['a body that drips', head(`Content-Length: ${body.length * 10}`), ' ', '408 too-slow', requestTime],
    ['a body that never comes', head(`Content-Length: ${body.length}`), '', '408 too-slow', requestTime],
    ['chunks that drip', chunked(''), '1\r\n \r\n', '408 too-slow', requestTime],
    ['headers that drip', get().slice(0, -2), 'A: b\r\n', '408 too-slow', headersTime],
  ])('%s', async (_name, bytes, drip, outcomes, [least, most]) => {
    const cutOff = await untilCutOff(bytes, drip);
    expect(cutOff.outcomes).toBe(outcomes);
    expect(cutOff.tookMs).toBeGreaterThan(least);
    expect(cutOff.tookMs).toBeLessThan(most);
  });

  test('the names of headers, a method, empty lines and nothing, while 1,000 sockets are idle', async () => {
    const idle = await Promise.all(Array.from({ length: 1_000 }, () => connectRaw(api.port)));
    const startedMs = performance.now();
    const dripping = [untilCutOff(get().slice(0, -2), 'a'), untilCutOff('', 'A'), untilCutOff('', '\r\n'), untilCutOff(Buffer.alloc(0), '')];
    const deliveries = Array.from({ length: 20 }, deliverGood);
    await Promise.all(deliveries);
    expect(idle.filter(({ socket }) => socket.closed)).toEqual([]);
    await Promise.all(idle.map(({ closed }) => closed));
    expect(performance.now() - startedMs).toBeLessThan(headersTime[1]);
    for (const { received } of idle) expect(['', '408 too-slow']).toContain(outcomesIn(received()));
    for (const { tookMs } of await Promise.all(dripping)) expect(tookMs).toBeLessThan(headersTime[1]);
  });
});
