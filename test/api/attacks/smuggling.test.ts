import { describe } from 'vitest';
import { webhookPath } from '../../helpers/api.js';
import {
  areAnswered,
  body,
  chunk,
  chunked,
  get,
  head,
  improper,
  notFound,
  notJson,
  post,
  proof,
  request,
  smuggled,
  unauthenticated,
  useApi,
} from './attack.js';

useApi();

const coding = (...values: string[]) =>
  head(...values.map((value) => `Transfer-Encoding: ${value}`)) + `${chunk(body)}0\r\n\r\n`;
describe('smuggling', () => {
  areAnswered([
    [
      'a length, then chunks',
      `${head('Content-Length: 5', 'Transfer-Encoding: chunked')}0\r\n\r\n${smuggled}`,
      improper,
    ],
    [
      'chunks, then a length',
      `${head('Transfer-Encoding: chunked', 'Content-Length: 5')}0\r\n\r\n${smuggled}`,
      improper,
    ],
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
    [
      'a blank before the colon of Transfer-Encoding',
      `${head('Transfer-Encoding : chunked')}0\r\n\r\n${smuggled}`,
      improper,
    ],
    ['a blank before the colon of Content-Length', head('Content-Length : 5') + smuggled, improper],
    ['Transfer-Encoding behind LF alone', head('A: b\nTransfer-Encoding: chunked') + smuggled, improper],
    [
      'chunks in HTTP/1.0',
      `POST ${webhookPath} HTTP/1.0\r\n${proof}\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n${chunk(body)}0\r\n\r\n`,
      improper,
    ],
    ['a request in the body of another', post(smuggled), notJson],
    ['a request in the body of a GET', get(`Content-Length: ${smuggled.length}`) + smuggled, '200'],
    ['a request in the chunks of a GET', `${get('Transfer-Encoding: chunked')}${chunk(smuggled)}0\r\n\r\n`, '200'],
    [
      'a request in the body of an unknown route',
      request('POST /nothing HTTP/1.1', ['Host: x', `Content-Length: ${smuggled.length}`], smuggled),
      notFound,
    ],
    ['a request in the body of one without a token', post(smuggled, { headers: [] }), unauthenticated],
    ['a request in the extension of a chunk', chunked(`2;\n${smuggled}\r\n{}\r\n0\r\n\r\n`), improper],
    [
      'a token and a length in the trailer',
      chunked(`${chunk(body)}0\r\nX-Webhook-Secret: x\r\nContent-Length: 5\r\n\r\n`),
      improper,
    ],
    [
      'a method in the headers',
      post(body, {
        headers: ['X-HTTP-Method-Override: GET', 'X-Original-URL: /healthz', 'X-Forwarded-For: 127.0.0.1'],
      }),
      unauthenticated,
    ],
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
