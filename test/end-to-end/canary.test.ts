import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { afterEach, expect, it } from 'vitest';
import { startSimulatedGateway } from '../../src/demo/simulated-gateway/server.js';
import { workflowType } from '../../src/domain/names.js';
import { eventually } from '../kit/eventually.js';
import { scrape } from '../helpers/exposition.js';
import { completion, fault, startFakeOpenAi } from '../helpers/fake-openai.js';
import { anEvent, aPost } from '../helpers/messages.js';
import { dataFolder } from '../kit/data-folder.js';
import { freePorts } from '../kit/ports.js';
import { startBuiltProduct } from '../kit/product.js';
import { startProgram } from '../kit/program.js';
import { signedHeaders } from '../helpers/signing.js';
import { signals } from '../../src/domain/names.js';

/** A value in every secret that shows up nowhere else. */
const secrets = {
  ANSWERBACK_SECRET: 'canary-installation-secret-4f1b9a20',
  WEBHOOK_SECRET: 'canary-webhook-token-4f1c',
  WEBHOOK_SIGNING_SECRET: 'canary-signing-secret-77ab',
  SMS_MOBILE_API_KEY: 'canary-gateway-key-93e0',
  OPENAI_API_KEY: 'canary-openai-key-18d2',
  TEMPORAL_API_KEY: 'canary-temporal-key-5b6e',
  CODEC_TOKEN: 'canary-codec-token-c0de',
};
const payloadKey = Buffer.from('canary-payload-key-of-32-bytes!!');
const text = 'Canary wharf at noon, I agree';
const digits = '15557771234';
const number = `+${digits}`;

const opened: Array<() => Promise<unknown>> = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

/** The canaries as they stand and as base64 may hold them, whatever stands before. */
function formsOf(value: string): string[] {
  const inBase64 = [0, 1, 2].map((before) =>
    Buffer.from(' '.repeat(before) + value)
      .toString('base64')
      .slice(before === 0 ? 0 : 4, -4),
  );
  return [value, ...inBase64];
}

function expectNone(where: string, content: string, canaries: readonly string[]): void {
  for (const canary of canaries)
    for (const form of formsOf(canary)) expect(content.includes(form), `${canary} in ${where}`).toBe(false);
}

/** Everything but the payloads, which are where text and number belong. */
function withoutPayloads(history: unknown): string {
  return JSON.stringify(history, (name, value: unknown) =>
    name === 'payloads' || name === 'encodedAttributes' ? '(payloads)' : value,
  );
}

/** A run with every kind of failure, and all that could be seen of it. */
async function runWithFailures(extra: Record<string, string>) {
  const gateway = await startSimulatedGateway({ port: 0 });
  const openai = await startFakeOpenAi();
  const folder = await dataFolder();
  opened.push(
    () => gateway.close(),
    () => openai.close(),
    () => folder.remove(),
  );
  const env = {
    ...(await freePorts()),
    ...secrets,
    ...extra,
    DATA_DIR: folder.path,
    LOG_LEVEL: 'trace',
    SMS_MOBILE_API_URL: gateway.url,
    SMS_AUTO_REPLY_ENABLED: 'true',
    OPENAI_BASE_URL: openai.baseURL,
  };
  const product = await startBuiltProduct(env);
  const seen: string[] = [];
  const send = async (
    body: unknown,
    headers: Record<string, string> = { 'x-webhook-secret': secrets.WEBHOOK_SECRET },
    where = '',
  ) => {
    const raw = typeof body === 'string' ? body : JSON.stringify(body);
    const answer = await fetch(product.webhook + where, { method: 'POST', headers, body: raw });
    seen.push(`${JSON.stringify([...answer.headers])} ${await answer.text()}`);
    return answer.status;
  };
  const script = (steps: unknown[]) => fetch(`${gateway.url}/script`, { method: 'POST', body: JSON.stringify(steps) });
  const connection = await Connection.connect({ address: `127.0.0.1:${env.TEMPORAL_PORT}` });
  const client = new Client({ connection });
  opened.push(() => connection.close());
  const parked = async (count: number) =>
    (await client.workflow.count(`ReplyState IN ('failed', 'uncertain')`)).count === count;

  openai.answerWith(fault(500, { quoting: `${text} ${number} ${secrets.OPENAI_API_KEY}` }));
  const quoting = JSON.stringify({ error: `${text} ${number} ${secrets.SMS_MOBILE_API_KEY}` });
  await script([
    { status: 400, body: quoting },
    { status: 500, body: quoting },
    { status: 429, retryAfter: 1 },
  ]);
  const message = (guid: string) => aPost({ guid, number, message: text });
  expect(await send(message('refused'), {}, `/${secrets.WEBHOOK_SECRET}`)).toBe(200);
  await eventually(() => product.output().includes('OpenAI') || openai.requests.length > 0);
  openai.answerWith(completion({ content: `{"label":"Agree"}` }));
  await eventually(() => parked(1));
  expect(await send(message('uncertain'), {}, `?token=${secrets.WEBHOOK_SECRET}`)).toBe(200);
  await eventually(() => parked(2));
  const event = JSON.stringify(anEvent({ guid: 'signed', from: number, message: text }));
  expect(await send(event, signedHeaders(event, secrets.WEBHOOK_SIGNING_SECRET))).toBe(200);
  expect(await send({ ...message('signed'), message: `${text}, again` })).toBe(200);
  expect(await send(`{"guid":"x","number":"${number}","message":"${text}`)).toBe(400);
  expect(await send({ guid: 7, number, message: text })).toBe(422);
  expect(await send(message('wrong'), { 'x-webhook-secret': `${secrets.WEBHOOK_SECRET}x` })).toBe(401);
  expect(await send(message('wrong'), {}, `/${secrets.WEBHOOK_SECRET}/${text}`)).toBe(404);
  expect(await send(message('wrong'), { ...signedHeaders('', secrets.WEBHOOK_SIGNING_SECRET) })).toBe(401);
  await client.workflow.getHandle('refused').signal(signals.retryReply);
  await eventually(() => parked(1));
  await eventually(() => gatewayHas(gateway.url, 3));
  for (const where of ['/openapi.json', '/healthz', '/readyz', '/nowhere'])
    seen.push(await (await fetch(new URL(where, product.webhook))).text());

  const scraped = await scrape(env.METRICS_PORT);
  expect(scraped.value('answerback_replies_total', { outcome: 'failed' })).toBeGreaterThan(0);

  // What it says when it cannot start: beside the one that runs, and with settings that do not fit.
  const crashes = [
    {},
    { PORT: 'x', WEBHOOK_SECRET: `${secrets.WEBHOOK_SECRET}/`, PAYLOAD_KEYS: `k:${payloadKey.toString('base64')}x` },
  ].map((wrong) => startProgram(process.execPath, ['dist/standalone/main.js'], { ...env, ...wrong }));
  for (const { exitCode } of crashes) expect(await exitCode).not.toBe(0);

  // Unopened, since this client has no keys, and without the run that keeps the fingerprint of the secret.
  const { executions } = await client.workflowService.listWorkflowExecutions({
    namespace: 'default',
    query: `WorkflowType = '${workflowType}'`,
  });
  const histories = await Promise.all(
    executions.map(({ execution }) =>
      client.workflow.getHandle(execution?.workflowId ?? '', execution?.runId ?? undefined).fetchHistory(),
    ),
  );
  const filesNow = () => {
    const files = readdirSync(folder.path, { withFileTypes: true }).filter((entry) => entry.isFile());
    return files.map(({ name }) => [name, readFileSync(path.join(folder.path, name), 'latin1')] as const);
  };
  const filesRunning = filesNow();
  await product.stop();
  // And with a key that does not open the inbox.
  if (extra['PAYLOAD_KEYS']) {
    const wrongKey = startProgram(process.execPath, ['dist/standalone/main.js'], {
      ...env,
      PAYLOAD_KEYS: `k1:${Buffer.alloc(32, 'canary-other-key').toString('base64')}`,
    });
    expect(await wrongKey.exitCode).toBe(1);
    expect(wrongKey.output()).toContain("can't be read with these PAYLOAD_KEYS");
    crashes.push(wrongKey);
  }
  return {
    places: [
      ['the log', product.output()],
      ['a response', seen.join('\n')],
      ['the metrics', scraped.text],
      ['visibility', JSON.stringify(executions)],
      ...crashes.map(({ output }): [string, string] => ['what it says when it cannot start', output()]),
    ] as Array<[string, string]>,
    histories,
    files: [...filesRunning, ...filesNow()],
  };
}

const gatewayHas = async (url: string, count: number) =>
  ((await (await fetch(`${url}/sent`)).json()) as { sent: unknown[] }).sent.length >= count;

it('a secret appears nowhere, and a text and a number only in the payloads', { timeout: 120_000 }, async () => {
  const { places, histories, files } = await runWithFailures({});
  expect(histories.length).toBe(4);
  // They are there to be found: in the payloads, and so in the server's file.
  expect(formsOf(text).some((form) => JSON.stringify(histories).includes(form))).toBe(true);
  expect(files.some(([name, content]) => name.startsWith('temporal-') && content.includes(text))).toBe(true);
  const hidden = Object.values(secrets);
  for (const [where, content] of places) expectNone(where, content, [...hidden, text, digits, number]);
  for (const history of histories) {
    expectNone('a history', JSON.stringify(history), hidden);
    expectNone('a history beside its payloads', withoutPayloads(history), [text, digits]);
  }
  for (const [name, content] of files) expectNone(name, content, hidden);
});

it('with PAYLOAD_KEYS neither is in any file or history', { timeout: 120_000 }, async () => {
  const { places, histories, files } = await runWithFailures({ PAYLOAD_KEYS: `k1:${payloadKey.toString('base64')}` });
  expect(histories.length).toBe(4);
  const hidden = [...Object.values(secrets), payloadKey.toString(), text, digits, number];
  for (const [where, content] of places) expectNone(where, content, hidden);
  for (const history of histories) expectNone('a history', JSON.stringify(history), hidden);
  expect(files.map(([name]) => name)).toEqual(
    expect.arrayContaining(['inbox.sqlite', 'inbox.sqlite-wal', expect.stringMatching(/^temporal-.*\.sqlite$/)]),
  );
  for (const [name, content] of files) expectNone(name, content, hidden);
});
