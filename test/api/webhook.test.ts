import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startTestApi, type TestApi, webhookPath } from '../helpers/api.js';
import { aPost } from '../helpers/messages.js';

let api: TestApi;
beforeEach(async () => {
  api = await startTestApi();
});
afterEach(() => api.close());

const accepted = () => api.deliveries.flatMap(({ messages }) => messages);

test('a message is handed over and answered as the original service did', async () => {
  const answer = await api.post(
    '{"date":"2025-01-20","hour":"10:15:00","time_received":"2025-01-20 10:14:50","message":"Yes, I agree","number":"+123456789","guid":"test-001"}',
  );
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
  expect(await answer.text()).toBe('{"status":"success","message":"Received 1 message(s), processing in background","message_count":1}');
  expect(accepted()).toEqual([expect.objectContaining({ guid: 'test-001', number: '+123456789', text: 'Yes, I agree', gateway: 'smsmobileapi' })]);
  expect(Math.abs(Date.parse(accepted()[0]?.acceptedAt ?? '') - Date.now())).toBeLessThan(10_000);
});

test.each([
  ['a form type', { 'content-type': 'application/x-www-form-urlencoded' }],
  ['no type worth the name', { 'content-type': 'text/plain' }],
  ['an identity encoding', { 'content-encoding': 'identity' }],
])('a gateway that declares %s is understood all the same', async (_what, headers) => {
  expect((await api.post(aPost(), { headers })).status).toBe(200);
});

test('a text arrives as it was written, in every script', async () => {
  const text = 'Sí, 是 👍🏽 \u0000 \u2028 "quoted" \\ \r\n נכון';
  await api.post(aPost({ message: text }));
  expect(accepted()[0]?.text).toBe(text);
});

test('a byte order mark in front costs nothing', async () => {
  expect((await api.post(`\uFEFF${JSON.stringify(aPost())}`)).status).toBe(200);
});

test('a message that comes again is answered the same', async () => {
  const post = aPost();
  const answers = [await api.post(post), await api.post(post), await api.post({ messages: [post, post] })];
  const counts = await Promise.all(answers.map(async (answer) => ((await answer.json()) as { message_count: number }).message_count));
  expect(counts).toEqual([1, 1, 2]);
});

describe('a batch', () => {
  test('is one delivery, answered once all of it is safe', async () => {
    let finish = () => {};
    api.answerWith(() => new Promise((resolve) => (finish = resolve)));
    let answered = false;
    const answer = api.post({ messages: [aPost(), aPost()] }).finally(() => (answered = true));
    await expect.poll(() => api.deliveries).toHaveLength(1);
    expect(answered).toBe(false);
    finish();
    expect(await (await answer).json()).toEqual({ status: 'success', message: 'Received 2 message(s), processing in background', message_count: 2 });
  });

  test('that is empty is a success of 0', async () => {
    const answer = await api.post({ messages: [] });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ status: 'success', message: 'Received 0 message(s), processing in background', message_count: 0 });
  });

  test('of 1,000 messages is taken whole', async () => {
    const answer = await api.post({ messages: Array.from({ length: 1_000 }, (_, index) => aPost({ guid: `m${index}` })) });
    expect(await answer.json()).toMatchObject({ message_count: 1_000 });
    expect(accepted().map(({ guid }) => guid)).toEqual(Array.from({ length: 1_000 }, (_, index) => `m${index}`));
  });

  test('with some bad messages takes the good ones and says which were bad, without their content', async () => {
    const answer = await api.post({ messages: [aPost(), aPost({ guid: '', message: 'private' }), aPost(), 'junk'] });
    expect(answer.status).toBe(200);
    const body = await answer.text();
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
    expect(api.deliveries[0]?.rejected.map(({ raw }) => JSON.parse(raw as string) as unknown)).toEqual([expect.objectContaining({ message: 'private' }), 'junk']);
  });
});

test('each accepted delivery is one line in the log, without texts and numbers', async () => {
  await api.post({ messages: [aPost({ message: 'private' }), aPost(), {}] });
  expect(api.events).toEqual([expect.objectContaining({ level: 30, event: 'delivery.accepted', messages: 2, rejected: 1, msg: 'Accepted 2 message(s)' })]);
  expect(JSON.stringify(api.events)).not.toMatch(/private|\+15550001234/);
});

test('the gateway finds somebody there', async () => {
  const answer = await fetch(api.url + webhookPath);
  expect(answer.status).toBe(200);
  const body = (await answer.json()) as { timestamp: string };
  expect(body).toEqual({ status: 'ok', message: expect.any(String), timestamp: expect.any(String) });
  expect(new Date(body.timestamp).toISOString()).toBe(body.timestamp);
  const head = await fetch(api.url + webhookPath, { method: 'HEAD' });
  expect([head.status, await head.text()]).toEqual([200, '']);
});

test.each(['/healthz', '/readyz'])('%s answers 200', async (path) => {
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

  test.each(Object.entries(ways))('a request that carries it in %s is taken', async (_way, request) => {
    expect((await guarded.post(aPost(), request(secret))).status).toBe(200);
    expect(guarded.deliveries).toHaveLength(1);
  });

  test.each(
    Object.entries(ways).flatMap(([way, request]) =>
      ['', 'wrong', secret.slice(0, -1), `${secret}x`, secret.toUpperCase(), '%E0%A4%A'].map((value) => [value, way, request] as const),
    ),
  )('a request with %j in %s is refused', async (value, _way, request) => {
    const answer = await guarded.post(aPost(), request(value));
    expect(answer.status).toBe(401);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(await answer.text()).not.toContain(secret);
    expect(guarded.deliveries).toEqual([]);
  });

  test('a request without it is refused, and so is one with it twice in the query', async () => {
    expect((await guarded.post(aPost())).status).toBe(401);
    expect((await guarded.post(aPost(), { path: `${webhookPath}?token=${secret}&token=${secret}` })).status).toBe(401);
  });

  test('a refused request is not even read', async () => {
    expect((await guarded.post('{', { headers: { 'X-Webhook-Secret': 'wrong' } })).status).toBe(401);
  });

  test('the probe and the health checks need none', async () => {
    for (const path of [webhookPath, `${webhookPath}/whatever`, '/healthz', '/readyz']) expect((await fetch(guarded.url + path)).status).toBe(200);
  });
});
