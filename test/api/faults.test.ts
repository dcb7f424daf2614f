import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NotAcceptedError } from '../../src/domain/intake.js';
import { type ProblemName, problemTypes } from '../../src/http/problem-types.js';
import { connectRaw, startTestApi, type TestApi, webhookPath } from '../helpers/api.js';
import { aPost } from '../helpers/messages.js';

const mib = 1_048_576;

let api: TestApi;
beforeEach(async () => {
  api = await startTestApi();
});
afterEach(() => api.close());

/** The problem in a response, once its form is as RFC 9457 wants it. */
async function problemIn(response: Response): Promise<Record<string, unknown>> {
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  const problem = (await response.json()) as Record<string, unknown>;
  const fault = problemTypes[String(problem['type']).replace('/problems/', '') as ProblemName];
  expect(problem).toMatchObject({ ...fault, status: response.status, detail: expect.stringMatching(/./) });
  return problem;
}

describe('a body', () => {
  it.each(['', '{', 'undefined', "{'guid':1}", '{"guid":"a"} x', '[1,', '[[[['])(
    'that is not JSON is a 400: %.20s',
    async (body) => {
      const response = await api.post(body);
      expect(response.status).toBe(400);
      expect(await problemIn(response)).toMatchObject({
        type: '/problems/not-json',
        detail: 'The body must be JSON in UTF-8.',
      });
    },
  );

  it.each([
    ['Latin-1', Buffer.from(JSON.stringify(aPost({ message: 'Sí' })), 'latin1')],
    ['UTF-16', Buffer.from(JSON.stringify(aPost()), 'utf16le')],
    ['half a character', Buffer.concat([Buffer.from('{"guid":"'), Buffer.from('é').subarray(0, 1), Buffer.from('"}')])],
  ])('in %s is a 400, not a changed text', async (_what, body) => {
    const response = await api.post(body);
    expect(response.status).toBe(400);
    await problemIn(response);
  });

  it.each(['gzip', 'br', 'deflate', 'x'])('with Content-Encoding %s is a 415', async (encoding) => {
    const response = await api.post(aPost(), { headers: { 'content-encoding': encoding } });
    expect(response.status).toBe(415);
    expect(await problemIn(response)).toMatchObject({ type: '/problems/content-encoded' });
  });

  it.each([null, 7, '"text"', [], [aPost()], { messages: {} }, { messages: Array(1_001).fill(aPost()) }])(
    'of the wrong shape is a 422',
    async (body) => {
      const response = await api.post(body);
      expect(response.status).toBe(422);
      await problemIn(response);
    },
  );

  it('without a valid message is a 422 that lists every fault, and is handed over to be kept', async () => {
    const single = await api.post({ guid: '', number: null });
    expect(single.status).toBe(422);
    expect(await problemIn(single)).toMatchObject({
      rejected: [{ index: 0, reason: expect.stringMatching(/guid: .*number: .*message: /) }],
    });
    const batch = await api.post({ messages: [{}, 7] });
    expect(batch.status).toBe(422);
    expect(await problemIn(batch)).toMatchObject({ rejected: [{ index: 0 }, { index: 1 }] });
    expect(api.acceptedPosts.map(({ rejected }) => rejected.map(({ raw }) => raw))).toEqual([
      ['{"guid":"","number":null}'],
      ['{}', '7'],
    ]);
  });

  const tooLarge = JSON.stringify({ messages: Array(1_001).fill(7) });
  it.each([
    ['is not JSON', Buffer.from('{"guid":"a"} x'), 400],
    ['is not UTF-8', Buffer.from(JSON.stringify(aPost({ message: 'Sí' })), 'latin1'), 400],
    ['is no object', Buffer.from('"text"'), 422],
    ['is too large a batch', Buffer.from(tooLarge), 422],
  ])('that %s is handed over byte for byte before the response, to be kept', async (_what, body, status) => {
    let finish = () => {};
    api.answerWith(() => new Promise((resolve) => (finish = resolve)));
    let answered = false;
    const response = api.post(body).finally(() => (answered = true));
    await expect.poll(() => api.acceptedPosts).toHaveLength(1);
    expect(answered).toBe(false);
    finish();
    const problem = await problemIn(await response);
    expect(problem['status']).toBe(status);
    expect(api.acceptedPosts).toEqual([
      { gateway: 'smsmobileapi', messages: [], rejected: [{ index: 0, reason: problem['detail'], raw: body }] },
    ]);
    expect(api.events.filter(({ event }) => event === 'post.accepted')).toEqual([]);
  });

  it('that is unreadable and could not be kept is a 503, so that the gateway posts it again', async () => {
    api.answerWith(() => Promise.reject(new NotAcceptedError('not kept')));
    const response = await api.post('{');
    expect(response.status).toBe(503);
    await problemIn(response);
  });

  it('that is empty leaves nothing in quarantine', async () => {
    expect((await api.post('')).status).toBe(400);
    expect(api.acceptedPosts).toEqual([]);
  });

  it.each([
    ['deep', `{"messages":[${'['.repeat(31)}${']'.repeat(31)}]}`],
    ['deep and without an end', '['.repeat(200_000)],
    ['wide', `{"guid":"g",${Array.from({ length: 50_001 }, (_, key) => `"${key}":0`).join()}}`],
    ['wide as a list', `[${'0,'.repeat(100_001)}0]`],
  ])('too %s is a 400 before it is parsed, and is kept whole', async (_how, body) => {
    const response = await api.post(body);
    expect(response.status).toBe(400);
    expect(await problemIn(response)).toMatchObject({ type: '/problems/too-complex' });
    expect(api.acceptedPosts[0]?.rejected[0]?.raw).toEqual(Buffer.from(body));
  });

  it('at the maximum depth, and with brackets in its texts, is read', async () => {
    expect(
      (
        await api.post(
          `{"x":${'['.repeat(31)}${']'.repeat(31)},${JSON.stringify(aPost({ message: `"${'[{'.repeat(500)}\\` })).slice(1)}`,
        )
      ).status,
    ).toBe(200);
  });

  it('of exactly 1 MiB is read', async () => {
    const start = JSON.stringify(aPost()).slice(0, -1);
    const body = `${start},"x":"${'x'.repeat(mib - start.length - 8)}"}`;
    expect(Buffer.byteLength(body)).toBe(mib);
    expect((await api.post(body)).status).toBe(200);
    const response = await api.post(`${body} `);
    expect(response.status).toBe(413);
    await problemIn(response);
  });
});

describe('what the api does not offer', () => {
  it.each(['/', '/api', '/api/webhook', `${webhookPath}/a/b`, '/healthz/x', '/%', '//'])(
    '%s is a 404',
    async (path) => {
      const response = await fetch(api.url + path, { method: 'POST', body: '{}' });
      expect(response.status).toBe(404);
      await problemIn(response);
    },
  );

  it.each([
    ['PUT', webhookPath, ['GET', 'HEAD', 'POST']],
    ['DELETE', webhookPath, ['GET', 'HEAD', 'POST']],
    ['OPTIONS', webhookPath, ['GET', 'HEAD', 'POST']],
    ['PROPFIND', webhookPath, ['GET', 'HEAD', 'POST']],
    ['PUT', `${webhookPath}/some-token-or-other`, ['GET', 'HEAD', 'POST']],
    ['POST', '/healthz', ['GET', 'HEAD']],
    ['POST', '/readyz', ['GET', 'HEAD']],
  ])('%s %s is a 405 that says what is allowed', async (method, path, allowed) => {
    const response = await fetch(api.url + path, { method });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')?.split(', ').sort()).toEqual(allowed);
    await problemIn(response);
  });

  it.each(['http://[', 'http://a b', '*'])('the target %s is the sender’s fault', async (target) => {
    const connection = await connectRaw(api.port);
    connection.socket.write(`GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    await connection.closed;
    expect(connection.received()).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(api.events.filter(({ level }) => Number(level) >= 50)).toEqual([]);
  });
});

describe('a failure of the server', () => {
  it('an inbox that cannot accept makes /readyz a 503 with its reason, and leaves /healthz at 200', async () => {
    api.notReadyBecause('the disk is full');
    const response = await fetch(`${api.url}/readyz`);
    expect(response.status).toBe(503);
    expect(await problemIn(response)).toMatchObject({
      type: '/problems/not-ready',
      detail: 'Not ready: the disk is full.',
    });
    expect((await fetch(`${api.url}/healthz`)).status).toBe(200);
    api.notReadyBecause(undefined);
    expect((await fetch(`${api.url}/readyz`)).status).toBe(200);
  });

  it('a post that is not accepted is a 503 with Retry-After, its cause in the log', async () => {
    api.answerWith(() => Promise.reject(new NotAcceptedError('1 of 1', { cause: new Error('UNAVAILABLE') })));
    const response = await api.post(aPost());
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
    expect(JSON.stringify(await problemIn(response))).not.toContain('UNAVAILABLE');
    expect(api.events).toEqual([expect.objectContaining({ event: 'post.failed', cause: 'UNAVAILABLE' })]);
  });

  it('a batch without a valid message that could not be kept is a 503, not a 422', async () => {
    api.answerWith(() => Promise.reject(new NotAcceptedError('not kept')));
    expect((await api.post({ messages: [{}] })).status).toBe(503);
  });

  it.each([new Error('the disk is on fire'), 'thrown text', undefined])(
    'an unexpected %s is a 500 without its reason',
    async (thrown) => {
      api.answerWith(async () => {
        throw thrown as Error;
      });
      const response = await api.post(aPost({ message: 'private' }));
      expect(response.status).toBe(500);
      const problem = JSON.stringify(await problemIn(response));
      expect(problem).not.toMatch(/fire|thrown|at .*\.ts/);
      expect(api.events).toEqual([expect.objectContaining({ event: 'request.failed' })]);
      expect(JSON.stringify(api.events)).not.toContain('private');
      api.answerWith(async () => {});
      expect((await api.post(aPost())).status).toBe(200);
    },
  );
});
