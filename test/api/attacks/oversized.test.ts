import { gzipSync } from 'node:zlib';
import { describe } from 'vitest';
import { webhookPath } from '../../helpers/api.js';
import { aPost } from '../../helpers/messages.js';
import {
  areAnswered,
  body,
  chunk,
  chunked,
  encoded,
  get,
  head,
  headersTooLarge,
  improper,
  invalid,
  json,
  mib,
  notFound,
  notJson,
  padded,
  post,
  proof,
  request,
  type Row,
  squeezed,
  tooLarge,
  useApi,
} from './attack.js';

useApi();

const tooComplex = '400 too-complex';

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
    [
      'extensions of many chunks, of which none is kept',
      chunked(`${`1;${'x'.repeat(1_000)}\r\n \r\n`.repeat(100)}0\r\n\r\n`),
      notJson,
    ],
    ['a trailer', chunked(`0\r\nA: ${'x'.repeat(20_000)}\r\n\r\n`), headersTooLarge],
    ['one header', get(`A: ${'x'.repeat(20_000)}`), headersTooLarge],
    ['the name of a header', get(`${'x'.repeat(20_000)}: a`), headersTooLarge],
    ['many headers', get(...Array.from({ length: 400 }, (_, at) => `X-${at}: ${'x'.repeat(50)}`)), headersTooLarge],
    // Node 20 leaves out what is too much, Node 24 refuses it.
    ['more headers than are kept', get(...Array<string>(2_500).fill('A:b')), /^(200|431 headers-too-large)$/],
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

const nested = (depth: number, open: string, close: string) => `${open.repeat(depth)}0${close.repeat(depth)}`;
describe('a bomb', () => {
  areAnswered([
    ...Object.entries(squeezed).map(([encoding, bytes]): Row => [
      `of 16 MiB in ${encoding}`,
      post(bytes, { headers: [proof, `Content-Encoding: ${encoding}`] }),
      encoded,
    ]),
    ['squeezed twice', post(gzipSync(squeezed.gzip), { headers: [proof, 'Content-Encoding: gzip, gzip'] }), encoded],
    ['with an unknown encoding', post(body, { headers: [proof, 'Content-Encoding: x'] }), encoded],
    [
      'with its encoding twice',
      post(squeezed.gzip, { headers: [proof, 'Content-Encoding: identity', 'Content-Encoding: gzip'] }),
      encoded,
    ],
    ['that does not say it is one', post(squeezed.gzip), notJson],
    [
      'in chunks',
      chunked(
        Buffer.concat([
          Buffer.from(`${squeezed.gzip.length.toString(16)}\r\n`),
          squeezed.gzip,
          Buffer.from('\r\n0\r\n\r\n'),
        ]),
        'Content-Encoding: gzip',
      ),
      encoded,
    ],
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
