import { readFileSync } from 'node:fs';
import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NotAcceptedError } from '../../src/domain/intake.js';
import { type ProblemName, problemTypes } from '../../src/http/problem-types.js';
import { problemMediaType } from '../../src/http/problem.js';
import { allCases } from '../gateways/contract/load.js';
import { connectRaw, startTestApi, type TestApi, webhookOf, webhookPath } from '../helpers/api.js';
import { aPost } from '../helpers/messages.js';
import { type DocumentedResponse, document, examplesOf, faultsOf, type Media, operations } from './openapi-document.js';
import { signedHeaders } from '../helpers/signing.js';
import { gateways } from '../../src/gateways/registry.js';

const ofOtherListeners: readonly ProblemName[] = ['invalid-body', 'foreign-page', 'too-many-pages', 'temporal-away'];

const token = 'a-webhook-secret_0.1~2';
const signingSecret = 'a-signing-secret-of-this-test';
const secret = { 'X-Webhook-Secret': token };

/** The gateways beside SMSMobileAPI, in the order of the document. */
const otherCases = gateways.flatMap(({ name }) =>
  allCases.filter(({ gateway }) => gateway.name === name && name !== 'smsmobileapi'),
);

let api: TestApi;
beforeAll(async () => {
  const otherWebhooks = otherCases.map(({ gateway, settings }) => webhookOf(gateway, settings));
  api = await startTestApi({ token, signingSecrets: [signingSecret], otherWebhooks });
});
afterAll(() => api.close());

const urlOf = (path: string) => api.url + path.replace('{token}', token);

/** The headers by which a post to this path is accepted. */
function proofOf(target: string, body: string): Record<string, string> {
  const { signature } = otherCases.find(({ gateway }) => gateway.description.path === target) ?? {};
  return signature ? signature.sign(body, { target, at: new Date() }) : secret;
}

/** An example in the media type in which it is posted. */
function bodyOf(type: string, example: unknown): string {
  if (type === 'application/json') return JSON.stringify(example);
  return new URLSearchParams(example as Record<string, string>).toString();
}

it('the document is valid OpenAPI 3.1 of this version', async () => {
  const validator = new Validator();
  expect(await validator.validate(structuredClone(document) as unknown as Record<string, unknown>)).toEqual({
    valid: true,
  });
  expect(validator.version).toBe('3.1');
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  expect(document.info.version).toBe(version);
});

it('it is public, and has no secret of the service', async () => {
  const response = await fetch(`${api.url}/openapi.json`);
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
  const text = await response.text();
  expect(JSON.parse(text)).toEqual(document);
  expect(text).not.toContain(token);
  expect(text).not.toContain(signingSecret);
});

const responses = operations.flatMap(({ operationId, responses }) =>
  Object.entries(responses).map(([status, response]) => [`${operationId} ${status}`, response] as const),
);
const others = Object.entries(document.components.responses);
const bodies = [...responses, ...others].flatMap(([name, { content }]) =>
  Object.values(content).map((media): [string, Media] => [name, media]),
);
const requests = operations.flatMap(({ operationId, requestBody }) =>
  Object.values(requestBody?.content ?? {}).map((media): [string, Media] => [`${operationId}, posted`, media]),
);

it.each([...bodies, ...requests])('every example of %s fits its schema', (_name, media) => {
  const examples = examplesOf(media);
  expect(examples).not.toEqual([]);
  for (const example of examples) expect(faultsOf(media.schema, example)).toBeUndefined();
});

const smsGateText = { message: 'Yes', receivedAt: '2026-11-24T14:40:00.000+01:00' };
const httpSmsText = { message_id: '1', contact: '+12065550101', content: 'Yes' };
const twilioAccount = { AccountSid: `AC${'2'.repeat(32)}` };

it.each([
  ['SmsGate', 'no sender', { event: 'sms:received', deviceId: 'dev1', payload: smsGateText }],
  ['SmsGate', 'null as sender', { event: 'sms:received', deviceId: 'dev1', payload: { ...smsGateText, sender: null } }],
  ['HttpSms', 'an encrypted text', { type: 'message.phone.received', data: { ...httpSmsText, encrypted: true } }],
  ['Twilio', 'a text without a sender', { ...twilioAccount, MessageSid: `SM${'1'.repeat(32)}` }],
  ['Twilio', 'a receipt with a text', { ...twilioAccount, MessageStatus: 'delivered', Body: 'Yes' }],
])('the schema of a post of %s rejects %s, as the api does', (suffix, _what, posted) => {
  expect(faultsOf({ $ref: `#/components/schemas/Post${suffix}` }, posted)).toBeDefined();
});

/** Every example of a post; for a GET, no body once. */
const postedTo = (requestBody: (typeof operations)[number]['requestBody']): Array<string | undefined> =>
  requestBody
    ? Object.entries(requestBody.content).flatMap(([type, media]) =>
        examplesOf(media).map((example) => bodyOf(type, example)),
      )
    : [undefined];

it.each(operations)(
  '$method $path accepts and returns what the document says',
  async ({ path, method, requestBody, responses }) => {
    const [[type, { schema }]] = Object.entries(responses['200']?.content ?? {}) as [[string, Media]];
    for (const body of postedTo(requestBody)) {
      const response = await fetch(urlOf(path), {
        method,
        headers: proofOf(path, body ?? ''),
        ...(body === undefined ? {} : { body }),
      });
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toContain(type);
      const text = await response.text();
      expect(faultsOf(schema, type === 'application/json' ? JSON.parse(text) : text)).toBeUndefined();
    }
  },
);

it.each(Object.entries(document.paths))('the methods of %s are those that it allows', async (path, item) => {
  const response = await fetch(urlOf(path), { method: 'PUT' });
  expect(response.status).toBe(405);
  const documented = Object.keys(item)
    .filter((key) => key !== 'parameters')
    .map((method) => method.toUpperCase());
  expect(response.headers.get('allow')?.split(', ').sort()).toEqual([...documented, 'HEAD'].sort());
});

describe('an authentication of the document', () => {
  const body = JSON.stringify(aPost());
  it.each([
    ['secretInHeader', () => ({ headers: secret })],
    ['secretInQuery', () => ({ path: `${webhookPath}?token=${token}` })],
    ['signatureTimestamp, signature', () => ({ headers: signedHeaders(body, signingSecret) })],
    [
      'signatureTimestamp, nextSignature',
      () => ({ headers: signedHeaders(body, signingSecret, { as: 'X-SMSMobileAPI-Signature-Next' }) }),
    ],
  ])('is enough: %s', async (names, request) => {
    const { security } = operations.find(({ operationId }) => operationId === 'postTexts') ?? {};
    expect(security?.map((schemes) => Object.keys(schemes).join(', '))).toContain(names);
    expect((await api.post(body, request())).status).toBe(200);
  });
});

it.each(otherCases.map((cases) => [cases.gateway.title, cases] as const))(
  'an authentication of the document has the headers that %s sends',
  (_title, { gateway: { description }, signature }) => {
    const { security } = document.paths[description.path]?.post ?? {};
    const names = Object.keys(security?.[0] ?? {}).map((scheme) =>
      headerOf(document.components.securitySchemes[scheme]),
    );
    expect(names.sort()).toEqual(Object.keys(signature.vector.headers).sort());
  },
);

const headerOf = (scheme: { type: string; name?: string } | undefined) =>
  scheme?.type === 'http' ? 'authorization' : scheme?.name?.toLowerCase();

describe('a fault', () => {
  it.each((Object.keys(problemTypes) as ProblemName[]).filter((fault) => !ofOtherListeners.includes(fault)))(
    '%s has a schema with its type, an example, and a place among the responses',
    (fault) => {
      const reference = `#/components/schemas/problem-${fault}`;
      const example = document.components.examples[`problem-${fault}`]?.value;
      expect(example).toMatchObject({ type: `/problems/${fault}`, ...problemTypes[fault] });
      expect(faultsOf({ $ref: reference }, example)).toBeUndefined();
      expect(JSON.stringify([...responses, ...others])).toContain(`"${reference}"`);
    },
  );

  const raw = async (text: string) => {
    const { socket, received, closed } = await connectRaw(api.port);
    socket.write(text);
    await closed;
    const [head = '', body = ''] = received().split('\r\n\r\n');
    return new Response(body, {
      status: Number(head.split(' ')[1]),
      headers: { 'content-type': /^content-type: (.*)$/im.exec(head)?.[1] ?? '' },
    });
  };
  const post = (body: unknown, headers = {}) => api.post(body, { headers: { ...secret, ...headers } });
  const failing = async (error: Error) => {
    api.answerWith(() => Promise.reject(error));
    return post(aPost()).finally(() => api.answerWith(async () => {}));
  };
  const unready = async () => {
    api.notReadyBecause('the disk is full');
    return fetch(`${api.url}/readyz`).finally(() => api.notReadyBecause(undefined));
  };
  const webhookResponses = document.paths[webhookPath]?.post?.responses ?? {};

  it.each<[ProblemName, () => Promise<Response>, Record<string, DocumentedResponse | undefined>]>([
    ['bad-request', () => raw('what is this\r\n\r\n'), webhookResponses],
    ['not-json', () => post('{'), webhookResponses],
    ['too-complex', () => post('['.repeat(33)), webhookResponses],
    ['unauthenticated', () => api.post(aPost()), webhookResponses],
    ['not-found', () => fetch(`${api.url}/elsewhere`), { 404: document.components.responses['NotFound'] }],
    [
      'method-not-allowed',
      () => fetch(`${api.url}/healthz`, { method: 'PUT' }),
      { 405: document.components.responses['MethodNotAllowed'] },
    ],
    ['body-too-large', () => post(' '.repeat(1_048_577)), webhookResponses],
    ['content-encoded', () => post(aPost(), { 'content-encoding': 'gzip' }), webhookResponses],
    [
      'unknown-expectation',
      () => raw('GET /healthz HTTP/1.1\r\nHost: x\r\nExpect: everything\r\nConnection: close\r\n\r\n'),
      webhookResponses,
    ],
    ['invalid-messages', () => post({ number: '+15550001234', message: 'Yes' }), webhookResponses],
    ['headers-too-large', () => raw(`GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`), webhookResponses],
    ['unforeseen', () => failing(new Error('the disk is on fire')), webhookResponses],
    ['not-accepted', () => failing(new NotAcceptedError('1 of 1')), webhookResponses],
    ['not-ready', unready, document.paths['/readyz']?.get.responses ?? {}],
  ])('%s has the response of its example, with the documented headers', async (fault, provoke, responses) => {
    const response = await provoke();
    const documented = responses[response.status];
    const problem: unknown = await response.json();
    expect(response.headers.get('content-type')).toBe(problemMediaType);
    expect(problem).toEqual(document.components.examples[`problem-${fault}`]?.value);
    expect(faultsOf(documented?.content[problemMediaType]?.schema ?? { not: {} }, problem)).toBeUndefined();
    for (const name of Object.keys(documented?.headers ?? {})) expect(response.headers.get(name), name).not.toBeNull();
  });
});
