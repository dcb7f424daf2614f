import { readFileSync } from 'node:fs';
import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NotAcceptedError } from '../../src/api/intake.js';
import { type Fault, faults } from '../../src/http/faults.js';
import { problemType } from '../../src/http/problem.js';
import { connectRaw, startTestApi, type TestApi, webhookPath } from '../helpers/api.js';
import { aPost } from '../helpers/messages.js';
import { type Answer, document, examplesOf, faultsOf, type Media, operations } from '../helpers/openapi.js';
import { signedHeaders } from '../helpers/signing.js';

const ofOtherListeners: readonly Fault[] = ['invalid-body', 'foreign-page', 'too-many-pages', 'temporal-away'];

const token = 'a-webhook-secret_0.1~2';
const signingSecret = 'a-signing-secret-of-this-test';
const secret = { 'X-Webhook-Secret': token };

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi({ token, signingSecrets: [signingSecret] });
});
afterAll(() => api.close());

const urlOf = (path: string) => api.url + path.replace('{token}', token);

test('the document is valid OpenAPI 3.1 of this version', async () => {
  const validator = new Validator();
  expect(await validator.validate(structuredClone(document) as unknown as Record<string, unknown>)).toEqual({ valid: true });
  expect(validator.version).toBe('3.1');
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string };
  expect(document.info.version).toBe(version);
});

test('it is served to anybody, and has no secret of the service', async () => {
  const answer = await fetch(`${api.url}/openapi.json`);
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
  const text = await answer.text();
  expect(JSON.parse(text)).toEqual(document);
  expect(text).not.toContain(token);
  expect(text).not.toContain(signingSecret);
});

const answers = operations.flatMap(({ operationId, responses }) => Object.entries(responses).map(([status, answer]) => [`${operationId} ${status}`, answer] as const));
const others = Object.entries(document.components.responses);
const bodies = [...answers, ...others].flatMap(([name, { content }]) => Object.values(content).map((media): [string, Media] => [name, media]));
const requests = operations.flatMap(({ operationId, requestBody }) => Object.values(requestBody?.content ?? {}).map((media): [string, Media] => [`${operationId}, posted`, media]));

test.each([...bodies, ...requests])('every example of %s fits its schema', (_name, media) => {
  const examples = examplesOf(media);
  expect(examples).not.toEqual([]);
  for (const example of examples) expect(faultsOf(media.schema, example)).toBeUndefined();
});

test.each(operations)('$method $path answers what the document asks with what it promises', async ({ path, method, requestBody, responses }) => {
  const { schema } = responses['200']?.content['application/json'] as Media;
  const posted = requestBody ? examplesOf(requestBody.content['application/json'] as Media) : [undefined];
  for (const body of posted) {
    const answer = await fetch(urlOf(path), { method, headers: secret, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    expect(answer.status).toBe(200);
    expect(faultsOf(schema, await answer.json())).toBeUndefined();
  }
});

test.each(Object.entries(document.paths))('the methods of %s are those that it allows', async (path, item) => {
  const answer = await fetch(urlOf(path), { method: 'PUT' });
  expect(answer.status).toBe(405);
  const documented = Object.keys(item).filter((key) => key !== 'parameters').map((method) => method.toUpperCase());
  expect(answer.headers.get('allow')?.split(', ').sort()).toEqual([...documented, 'HEAD'].sort());
});

describe('a proof that the document names', () => {
  const body = JSON.stringify(aPost());
  test.each([
    ['secretInHeader', () => ({ headers: secret })],
    ['secretInQuery', () => ({ path: `${webhookPath}?token=${token}` })],
    ['signatureTimestamp, signature', () => ({ headers: signedHeaders(body, signingSecret) })],
    ['signatureTimestamp, nextSignature', () => ({ headers: signedHeaders(body, signingSecret, { as: 'X-SMSMobileAPI-Signature-Next' }) })],
  ])('suffices: %s', async (names, request) => {
    const { security } = operations.find(({ operationId }) => operationId === 'deliver') ?? {};
    expect(security?.map((schemes) => Object.keys(schemes).join(', '))).toContain(names);
    expect((await api.post(body, request())).status).toBe(200);
  });
});

describe('a fault', () => {
  test.each((Object.keys(faults) as Fault[]).filter((fault) => !ofOtherListeners.includes(fault)))('%s has a schema with its type, an example, and a place among the answers', (fault) => {
    const reference = `#/components/schemas/problem-${fault}`;
    const example = document.components.examples[`problem-${fault}`]?.value;
    expect(example).toMatchObject({ type: `/problems/${fault}`, ...faults[fault] });
    expect(faultsOf({ $ref: reference }, example)).toBeUndefined();
    expect(JSON.stringify([...answers, ...others])).toContain(`"${reference}"`);
  });

  const raw = async (text: string) => {
    const { socket, received, closed } = await connectRaw(api.port);
    socket.write(text);
    await closed;
    const [head = '', body = ''] = received().split('\r\n\r\n');
    return new Response(body, { status: Number(head.split(' ')[1]), headers: { 'content-type': /^content-type: (.*)$/im.exec(head)?.[1] ?? '' } });
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
  const delivered = document.paths[webhookPath]?.post?.responses ?? {};

  test.each<[Fault, () => Promise<Response>, Record<string, Answer | undefined>]>([
    ['bad-request', () => raw('what is this\r\n\r\n'), delivered],
    ['not-json', () => post('{'), delivered],
    ['too-complex', () => post('['.repeat(33)), delivered],
    ['unauthenticated', () => api.post(aPost()), delivered],
    ['not-found', () => fetch(`${api.url}/elsewhere`), { 404: document.components.responses['NotFound'] }],
    ['method-not-allowed', () => fetch(`${api.url}/healthz`, { method: 'PUT' }), { 405: document.components.responses['MethodNotAllowed'] }],
    ['body-too-large', () => post(' '.repeat(1_048_577)), delivered],
    ['content-encoded', () => post(aPost(), { 'content-encoding': 'gzip' }), delivered],
    ['unknown-expectation', () => raw('GET /healthz HTTP/1.1\r\nHost: x\r\nExpect: everything\r\nConnection: close\r\n\r\n'), delivered],
    ['invalid-messages', () => post({ number: '+15550001234', message: 'Yes' }), delivered],
    ['headers-too-large', () => raw(`GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`), delivered],
    ['unforeseen', () => failing(new Error('the disk is on fire')), delivered],
    ['not-accepted', () => failing(new NotAcceptedError('1 of 1')), delivered],
    ['not-ready', unready, document.paths['/readyz']?.get.responses ?? {}],
  ])('%s is answered as its example says, with the headers that are documented', async (fault, provoke, responses) => {
    const answer = await provoke();
    const documented = responses[answer.status];
    const problem: unknown = await answer.json();
    expect(answer.headers.get('content-type')).toBe(problemType);
    expect(problem).toEqual(document.components.examples[`problem-${fault}`]?.value);
    expect(faultsOf(documented?.content[problemType]?.schema ?? { not: {} }, problem)).toBeUndefined();
    for (const name of Object.keys(documented?.headers ?? {})) expect(answer.headers.get(name), name).not.toBeNull();
  });
});
