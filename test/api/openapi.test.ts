import { readFileSync } from 'node:fs';
import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NotAcceptedError } from '../../src/domain/intake.js';
import { type ProblemName, problemTypes } from '../../src/http/problem-types.js';
import { problemMediaType } from '../../src/http/problem.js';
import { connectRaw, startTestApi, type TestApi, webhookPath } from '../helpers/api.js';
import { aPost } from '../helpers/messages.js';
import { type DocumentedResponse, document, examplesOf, faultsOf, type Media, operations } from './openapi-document.js';
import { signedHeaders } from '../helpers/signing.js';

const ofOtherListeners: readonly ProblemName[] = ['invalid-body', 'foreign-page', 'too-many-pages', 'temporal-away'];

const token = 'a-webhook-secret_0.1~2';
const signingSecret = 'a-signing-secret-of-this-test';
const secret = { 'X-Webhook-Secret': token };

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi({ token, signingSecrets: [signingSecret] });
});
afterAll(() => api.close());

const urlOf = (path: string) => api.url + path.replace('{token}', token);

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

it.each(operations)(
  '$method $path accepts and returns what the document says',
  async ({ path, method, requestBody, responses }) => {
    const { schema } = responses['200']?.content['application/json'] as Media;
    const posted = requestBody ? examplesOf(requestBody.content['application/json'] as Media) : [undefined];
    for (const body of posted) {
      const response = await fetch(urlOf(path), {
        method,
        headers: secret,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      expect(response.status).toBe(200);
      expect(faultsOf(schema, await response.json())).toBeUndefined();
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
