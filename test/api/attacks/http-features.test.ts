import { describe, expect, it } from 'vitest';
import { connectRaw, webhookPath } from '../../helpers/api.js';
import { eventually } from '../../kit/eventually.js';
import {
  api,
  areAnswered,
  body,
  get,
  head,
  headersTooLarge,
  improper,
  invalid,
  json,
  messagesSince,
  notFound,
  notJson,
  outcomesIn,
  post,
  proof,
  request,
  type Row,
  smuggled,
  times,
  unauthenticated,
  useApi,
} from './attack.js';

useApi();

const notAllowed = '405 method-not-allowed';

const unexpected = '417 unknown-expectation';

const connectRequest = request('CONNECT evil:443 HTTP/1.1', ['Host: x']).toString();
const expecting = (expectation: string) => head(`Expect: ${expectation}`, `Content-Length: ${body.length}`) + body;
describe('what the api does not offer', () => {
  areAnswered([
    ['an expectation that is met', expecting('100-continue'), '100, 200'],
    ['an unknown expectation', expecting('the-unexpected'), unexpected],
    ['an expectation that is empty', expecting('""'), unexpected],
    [
      'an Upgrade to a web socket',
      get(
        'Connection: Upgrade',
        'Upgrade: websocket',
        'Sec-WebSocket-Version: 13',
        'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
      ),
      '200',
    ],
    [
      'an Upgrade to HTTP/2',
      get('Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA'),
      '200',
    ],
    ['an Upgrade of a post', post(body, { headers: [proof, 'Connection: Upgrade', 'Upgrade: x'] }), '200'],
    ['CONNECT', connectRequest, notAllowed],
    ['CONNECT and what would go through', `${connectRequest}${smuggled}`, notAllowed],
    ['an unknown method', request('FOO /healthz HTTP/1.1', ['Host: x']), improper],
    ['a method in lower case', request('get /healthz HTTP/1.1', ['Host: x']), improper],
    ...['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'PURGE', 'QUERY'].map((method): Row => [
      `${method} of the webhook`,
      request(`${method} ${webhookPath} HTTP/1.1`, ['Host: x', proof]),
      notAllowed,
    ]),
    ['OPTIONS of all', request('OPTIONS * HTTP/1.1', ['Host: x']), notFound],
    [
      'a request to go elsewhere',
      request('GET http://169.254.169.254/latest/meta-data HTTP/1.1', ['Host: 169.254.169.254']),
      notFound,
    ],
    ['a path that is no file', request('GET /..%2f..%2f..%2fetc%2fpasswd HTTP/1.1', ['Host: x']), notFound],
  ]);
});

describe('pipelined', () => {
  const guids = Array.from({ length: 200 }, (_, at) => `pipelined-${at}`);
  const both = Buffer.concat([post(body), post(body)]).toString();

  areAnswered([
    ['200 posts', Buffer.concat(guids.map((guid) => post(json({ guid })))), times(200, '200')],
    ['1,000 requests of nothing', get().repeat(1_000), times(1_000, '200')],
    [
      'bad ones between good ones',
      Buffer.concat([post(body), post('{'), post(body), post(body, { headers: [] }), post('[]'), post(body)]),
      `200, ${notJson}, 200, ${unauthenticated}, ${invalid}, 200`,
    ],
    ['two that are answered before what is no HTTP', `${both}random\r\n\r\n${smuggled}`, `200, 200, ${improper}`],
    [
      'two that are answered before headers too large',
      both + get(`A: ${'x'.repeat(20_000)}`),
      `200, 200, ${headersTooLarge}`,
    ],
    ['an unknown expectation between good ones', both + expecting('x') + smuggled, `200, 200, ${unexpected}, 200`],
    ['two that are answered before a CONNECT', both + connectRequest + smuggled, `200, 200, ${notAllowed}`],
    [
      'one behind the last',
      Buffer.concat([post(body, { headers: [proof, 'Connection: close'] }), Buffer.from(smuggled)]),
      '200',
    ],
  ]);

  it('are handed over in their order', () => {
    expect(
      messagesSince(0)
        .map(({ id: guid }) => guid)
        .filter((guid) => guid.startsWith('pipelined-')),
    ).toEqual(guids);
  });

  it('what follows an error is not read, however much it is', async () => {
    const { socket, received, closed } = await connectRaw(api.port);
    let finish = () => {};
    api.answerWith(() => new Promise((resolve) => (finish = resolve)));
    const first = api.acceptedPosts.length;
    socket.write(post(body));
    await eventually(() => api.acceptedPosts.length === first + 1);
    for (let round = 0; round < 20; round++)
      await new Promise((resolve) => socket.write('random '.repeat(1_000), () => setImmediate(resolve)));
    api.answerWith(async () => {});
    finish();
    await closed;
    expect(outcomesIn(received())).toBe(`200, ${improper}`);
  });
});
