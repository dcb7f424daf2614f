import { describe, it } from 'vitest';
import { connectRaw, webhookPath } from '../../helpers/api.js';
import {
  api,
  areAnswered,
  attack,
  body,
  chunk,
  chunked,
  get,
  head,
  improper,
  json,
  notFound,
  notJson,
  post,
  proof,
  request,
  type Row,
  useApi,
} from './attack.js';

useApi();

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
    [
      'the preface of HTTP/2 and its first frame',
      Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), Buffer.from('000000040000000000', 'hex')]),
      improper,
    ],
    ['a hello of SOCKS', Buffer.from([5, 1, 0]), improper],
    ['a hello of SSH', 'SSH-2.0-OpenSSH_9.6\r\n', improper],
    ['a line of the PROXY protocol', `PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n${get()}`, improper],
  ]);
});

describe('cut short', () => {
  it.each<Row>([
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
    [
      'a Content-Length too small for its JSON',
      head(`Content-Length: ${body.length - 5}`) + body,
      '400 not-json, 400 bad-request',
    ],
    ['an empty body', post(''), notJson],
    ['no body and no length', head(), notJson],
  ]);

  it.each([
    ['in a CONNECT', request('CONNECT evil:443 HTTP/1.1', ['Host: x'])],
    ['in an Upgrade', get('Connection: Upgrade', 'Upgrade: websocket')],
    ['with an unknown expectation', head('Expect: x', 'Content-Length: 2')],
    ['in random bytes', 'random'],
    ['in a body', post(body).subarray(0, -1)],
    ['before it reads the response', post(body)],
  ])('by a reset %s', async (_when, bytes) => {
    for (let round = 0; round < 20; round++) {
      const { socket, closed } = await connectRaw(api.port);
      await new Promise((resolve) => socket.write(bytes, resolve));
      socket.resetAndDestroy();
      await closed;
    }
  });
});
