import { describe } from 'vitest';
import { webhookPath } from '../../helpers/api.js';
import { anEvent, aPost } from '../../helpers/messages.js';
import {
  areAnswered,
  body,
  invalid,
  json,
  notJson,
  post,
  proof,
  type Row,
  times,
  unauthenticated,
  useApi,
} from './attack.js';

useApi();

/** A good message as JSON, with more of it written in. */
const withMore = (more: string, fields: Record<string, unknown> = aPost()) =>
  `{${more},${JSON.stringify(fields).slice(1)}`;
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
    [
      '__proto__ of a message in a batch',
      post(`{"messages":[${withMore(`"__proto__":${polluting}`)},{"__proto__":${polluting}}]}`),
      '200',
    ],
    ['__proto__ of the batch', post(`{"__proto__":${polluting},"messages":[${json()}]}`), '200'],
    ['__proto__ of the list', post(`{"messages":{"__proto__":[${json()}],"length":1}}`), invalid],
    ['__proto__ of an event', post(withMore(`"__proto__":${polluting}`, anEvent())), '200'],
    [
      '__proto__ of the data of an event',
      post(JSON.stringify(anEvent()).replace('"data":{', `"data":{"__proto__":${polluting},`)),
      '200',
    ],
    [
      '__proto__ as all the data of an event',
      post(`{"type":"sms.received","data":{"__proto__":${polluting}}}`),
      invalid,
    ],
    ['constructor.prototype', post(withMore(`"constructor":{"prototype":${polluting}}`)), '200'],
    ['constructor.prototype nested', post(withMore(`"x":{"constructor":{"prototype":${polluting}}}`)), '200'],
    [
      'constructor.prototype of a message in a batch',
      post(`{"messages":[${withMore(`"constructor":{"prototype":${polluting}}`)}]}`),
      '200',
    ],
    [
      'constructor.prototype of the data of an event',
      post(JSON.stringify(anEvent()).replace('"data":{', `"data":{"constructor":{"prototype":${polluting}},`)),
      '200',
    ],
    [
      'toString, valueOf and toJSON',
      post(withMore('"toString":1,"valueOf":2,"toJSON":3,"hasOwnProperty":4,"then":5')),
      '200',
    ],
    ['toString of a field', post(json({ number: { toString: '1', length: 1 } })), invalid],
    ['__proto__ as a header', post(body, { headers: [proof, '__proto__: x', 'constructor: y'] }), '200'],
    [
      '__proto__ in the query',
      post(body, { path: `${webhookPath}?__proto__[polluted]=1&constructor[prototype][polluted]=1&__proto__=1` }),
      '200',
    ],
    [
      '__proto__ as the token in the path',
      post(body, { headers: [], path: `${webhookPath}/__proto__` }),
      unauthenticated,
    ],
  ]);
});

const junk = [null, true, [], {}, ['x'], { x: 1 }];

/** One after the other on the same connection. */
const inARow = (bodies: unknown[]) => Buffer.concat(bodies.map((one) => post(JSON.stringify(one))));
const ofAllKinds = (name: string, make: (value: unknown) => unknown, values: unknown[], outcome: string): Row => [
  name,
  inARow(values.map(make)),
  times(values.length, outcome),
];
describe('a wrong type', () => {
  areAnswered([
    ...[null, true, 7, 'text', [], [aPost()], [[]]].map((value): Row => [
      `as the whole body: ${JSON.stringify(value).slice(0, 9)}`,
      post(JSON.stringify(value)),
      invalid,
    ]),
    ofAllKinds('as guid', (guid) => aPost({ guid }), [...junk, 7, ''], invalid),
    ofAllKinds('as number', (number) => aPost({ number }), [...junk, ''], invalid),
    ['as number, past what a double holds', post('{"guid":"g","message":"m","number":1e400}'), invalid],
    ofAllKinds('as message', (message) => aPost({ message }), [...junk, 7], invalid),
    ...['date', 'hour', 'time_received'].map((field) =>
      ofAllKinds(`as ${field}, which costs no text`, (value) => aPost({ [field]: value }), [...junk, 7], '200'),
    ),
    ofAllKinds(
      'as messages',
      (messages) => ({ messages }),
      [null, true, {}, { x: 1 }, 7, 'text', { length: 1, 0: aPost() }],
      invalid,
    ),
    ofAllKinds('as one of the messages', (value) => ({ messages: [value] }), [...junk, 7, 'text', [aPost()]], invalid),
    ofAllKinds(
      'as one of the messages, beside a good one',
      (value) => ({ messages: [value, aPost()] }),
      [...junk, 7, 'text'],
      '200',
    ),
    ...['guid', 'number', 'message'].map((field) =>
      ofAllKinds(`as ${field} in a batch`, (value) => ({ messages: [aPost({ [field]: value })] }), junk, invalid),
    ),
    ofAllKinds('as id of an event, which costs no text', (id) => ({ ...anEvent(), id }), [...junk, 7], '200'),
    ofAllKinds('as type of an event', (type) => ({ ...anEvent(), type }), [...junk, 7], invalid),
    ofAllKinds(
      'as api_version of an event, which costs no text',
      (value) => ({ ...anEvent(), api_version: value }),
      [...junk, 7],
      '200',
    ),
    ofAllKinds(
      'as created_at of an event, which costs no text',
      (value) => ({ ...anEvent(), created_at: value }),
      [...junk, 7],
      '200',
    ),
    ofAllKinds('as data of an event', (data) => ({ ...anEvent(), data }), [...junk, 7, 'text', [aPost()]], invalid),
    ofAllKinds('as data.guid of an event', (guid) => anEvent({ guid }), [...junk, 7, ''], invalid),
    ofAllKinds('as data.from of an event', (from) => anEvent({ from }), [...junk, ''], invalid),
    ofAllKinds('as data.message of an event', (message) => anEvent({ message }), [...junk, 7], invalid),
    ofAllKinds(
      'as data.received_at of an event, which costs no text',
      (value) => anEvent({ received_at: value }),
      [...junk, 7],
      '200',
    ),
    [
      'of the content, which is not read',
      post(body, { headers: [proof, 'Content-Type: multipart/form-data; boundary=x'] }),
      '200',
    ],
    [
      'of the content, and a form',
      post('guid=g&number=1&message=m', { headers: [proof, 'Content-Type: application/x-www-form-urlencoded'] }),
      notJson,
    ],
    ['of the encoding: UTF-16', post(Buffer.from(body, 'utf16le')), notJson],
    ['of the encoding: Latin-1', post(Buffer.from(json({ message: 'Sí' }), 'latin1')), notJson],
  ]);
});
