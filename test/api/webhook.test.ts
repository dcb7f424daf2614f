import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi, webhookPath } from '../helpers/api.js';
import { aPost } from '../helpers/messages.js';

let api: TestApi;
beforeEach(async () => {
  api = await startTestApi();
});
afterEach(() => api.close());

const accepted = () => api.acceptedPosts.flatMap(({ messages }) => messages);

it('a message is handed over, with the response of the original service', async () => {
  const response = await api.post(
    '{"date":"2025-01-20","hour":"10:15:00","time_received":"2025-01-20 10:14:50","message":"Yes, I agree","number":"+123456789","guid":"test-001"}',
  );
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toMatch(/^application\/json/);
  expect(await response.text()).toBe(
    '{"status":"success","message":"Received 1 message(s), processing in background","message_count":1}',
  );
  expect(accepted()).toEqual([
    expect.objectContaining({
      id: 'test-001',
      from: '+123456789',
      sender: '+123456789',
      text: 'Yes, I agree',
      gateway: 'smsmobileapi',
    }),
  ]);
  expect(Math.abs(Date.parse(accepted()[0]?.acceptedAt ?? '') - Date.now())).toBeLessThan(10_000);
});

it.each([
  ['a form type', { 'content-type': 'application/x-www-form-urlencoded' }],
  ['no type worth the name', { 'content-type': 'text/plain' }],
  ['an identity encoding', { 'content-encoding': 'identity' }],
])('a gateway that declares %s is understood too', async (_what, headers) => {
  expect((await api.post(aPost(), { headers })).status).toBe(200);
});

it('a text arrives as it was written, in every script', async () => {
  const text = 'Sí, 是 👍🏽 \u0000 \u2028 "quoted" \\ \r\n נכון';
  await api.post(aPost({ message: text }));
  expect(accepted()[0]?.text).toBe(text);
});

it('a byte order mark at the start is ignored', async () => {
  expect((await api.post(`\uFEFF${JSON.stringify(aPost())}`)).status).toBe(200);
});

it('a message posted again gets the same response', async () => {
  const post = aPost();
  const responses = [await api.post(post), await api.post(post), await api.post({ messages: [post, post] })];
  const counts = await Promise.all(
    responses.map(async (response) => ((await response.json()) as { message_count: number }).message_count),
  );
  expect(counts).toEqual([1, 1, 2]);
});

describe('a batch', () => {
  it('is one post, acknowledged once all of it is safe', async () => {
    let finish = () => {};
    api.answerWith(() => new Promise((resolve) => (finish = resolve)));
    let answered = false;
    const response = api.post({ messages: [aPost(), aPost()] }).finally(() => (answered = true));
    await expect.poll(() => api.acceptedPosts).toHaveLength(1);
    expect(answered).toBe(false);
    finish();
    expect(await (await response).json()).toEqual({
      status: 'success',
      message: 'Received 2 message(s), processing in background',
      message_count: 2,
    });
  });

  it('that is empty is a success of 0', async () => {
    const response = await api.post({ messages: [] });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      status: 'success',
      message: 'Received 0 message(s), processing in background',
      message_count: 0,
    });
  });

  it('of 1,000 messages is taken whole', async () => {
    const response = await api.post({
      messages: Array.from({ length: 1_000 }, (_, index) => aPost({ guid: `m${index}` })),
    });
    expect(await response.json()).toMatchObject({ message_count: 1_000 });
    expect(accepted().map(({ id: guid }) => guid)).toEqual(Array.from({ length: 1_000 }, (_, index) => `m${index}`));
  });

  it('with some bad messages takes the good ones and says which were bad, without their content', async () => {
    const response = await api.post({ messages: [aPost(), aPost({ guid: '', message: 'private' }), aPost(), 'junk'] });
    expect(response.status).toBe(200);
    const body = await response.text();
    expect(JSON.parse(body)).toEqual({
      status: 'success',
      message: 'Received 2 message(s), processing in background',
      message_count: 2,
      rejected: [
        { index: 1, reason: expect.stringContaining('guid') },
        { index: 3, reason: expect.stringContaining('expected object') },
      ],
    });
    expect(body).not.toContain('private');
    expect(api.acceptedPosts[0]?.rejected.map(({ raw }) => JSON.parse(raw as string) as unknown)).toEqual([
      expect.objectContaining({ message: 'private' }),
      'junk',
    ]);
  });
});

it('each accepted post is one line in the log, without texts and numbers', async () => {
  await api.post({ messages: [aPost({ message: 'private' }), aPost(), {}] });
  expect(api.events).toEqual([
    expect.objectContaining({
      level: 30,
      event: 'post.accepted',
      messages: 2,
      rejected: 1,
      msg: 'Accepted 2 message(s)',
    }),
  ]);
  expect(JSON.stringify(api.events)).not.toMatch(/private|\+15550001234/);
});

it('a GET by the gateway gets a 200', async () => {
  const response = await fetch(api.url + webhookPath);
  expect(response.status).toBe(200);
  const body = (await response.json()) as { timestamp: string };
  expect(body).toEqual({ status: 'ok', message: expect.any(String), timestamp: expect.any(String) });
  expect(new Date(body.timestamp).toISOString()).toBe(body.timestamp);
  const head = await fetch(api.url + webhookPath, { method: 'HEAD' });
  expect([head.status, await head.text()]).toEqual([200, '']);
});

it.each(['/healthz', '/readyz'])('%s returns 200', async (path) => {
  expect((await fetch(api.url + path)).status).toBe(200);
});

describe('with a secret', () => {
  const secret = 'a-webhook-secret_0.1~2';
  let guarded: TestApi;
  beforeEach(async () => {
    guarded = await startTestApi({ token: secret });
  });
  afterEach(() => guarded.close());

  const ways = {
    'the header': (value: string) => ({ path: webhookPath, headers: { 'X-Webhook-Secret': value } }),
    'the query': (value: string) => ({ path: `${webhookPath}?token=${value}`, headers: {} }),
    'the path': (value: string) => ({ path: `${webhookPath}/${value}`, headers: {} }),
  };

  it.each(Object.entries(ways))('a request with it in %s is accepted', async (_way, request) => {
    expect((await guarded.post(aPost(), request(secret))).status).toBe(200);
    expect(guarded.acceptedPosts).toHaveLength(1);
  });

  it.each(
    Object.entries(ways).flatMap(([way, request]) =>
      ['', 'wrong', secret.slice(0, -1), `${secret}x`, secret.toUpperCase(), '%E0%A4%A'].map(
        (value) => [value, way, request] as const,
      ),
    ),
  )('a request with %j in %s is refused', async (value, _way, request) => {
    const response = await guarded.post(aPost(), request(value));
    expect(response.status).toBe(401);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.text()).not.toContain(secret);
    expect(guarded.acceptedPosts).toEqual([]);
  });

  it('a request without it is refused, and so is one with it twice in the query', async () => {
    expect((await guarded.post(aPost())).status).toBe(401);
    expect((await guarded.post(aPost(), { path: `${webhookPath}?token=${secret}&token=${secret}` })).status).toBe(401);
  });

  it('a refused request is not even read', async () => {
    expect((await guarded.post('{', { headers: { 'X-Webhook-Secret': 'wrong' } })).status).toBe(401);
  });

  it('the probe and the health checks need no secret', async () => {
    for (const path of [webhookPath, `${webhookPath}/whatever`, '/healthz', '/readyz'])
      expect((await fetch(guarded.url + path)).status).toBe(200);
  });
});
