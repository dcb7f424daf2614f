import { Client } from '@temporalio/client';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { aPost } from '../helpers/messages.js';
import { connectForTest, namespaceForTest, type TemporalForTest } from '../helpers/suite-temporal.js';
import { dataFolder } from '../kit/data-folder.js';
import { eventually } from '../kit/eventually.js';
import { freePorts } from '../kit/ports.js';
import { postJson, type Product, startBuiltApi } from '../kit/product.js';
import { startProgram } from '../kit/program.js';
import { testSecret } from '../kit/secret.js';

type Folder = Awaited<ReturnType<typeof dataFolder>>;
type Api = Product & { folder: Folder };

let temporal: TemporalForTest;
let namespace: string;
let client: Client;
const apis: Api[] = [];

beforeAll(async () => {
  temporal = await connectForTest();
  namespace = await namespaceForTest(temporal);
  client = new Client({ connection: temporal.connection, namespace });
});
afterAll(async () => {
  await Promise.all(apis.map(({ stop }) => stop()));
  await Promise.all(apis.map(({ folder }) => folder.remove()));
  await temporal.close();
});

async function startApi(address: string): Promise<Api> {
  const [ports, folder] = await Promise.all([freePorts(), dataFolder()]);
  const env = { ...ports, DATA_DIR: folder.path, TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: namespace };
  const api = { ...(await startBuiltApi(env)), folder };
  apis.push(api);
  return api;
}

/** Erases a number, as on the machine of this api. */
function erase({ folder }: Api, number: string) {
  const env = {
    DATA_DIR: folder.path,
    TEMPORAL_ADDRESS: inject('temporalAddress'),
    TEMPORAL_NAMESPACE: namespace,
    ANSWERBACK_SECRET: testSecret,
  };
  return startProgram(process.execPath, ['dist/cli/main.js', 'erase'], env, { input: number });
}

async function post(api: Api, number: string): Promise<string> {
  const message = aPost({ number });
  expect((await postJson(api.webhook, message)).status).toBe(200);
  return String(message['guid']);
}

const isThere = (guid: string) =>
  client.workflow
    .getHandle(guid)
    .describe()
    .then(
      () => true,
      () => false,
    );

it('what one or another api accepts and forwards while an erasure runs is erased too', async () => {
  const number = '+15550709001';
  const both = await Promise.all([startApi(inject('temporalAddress')), startApi(inject('temporalAddress'))]);
  const first = await post(both[0], number);
  await eventually(() => isThere(first));

  // The first run is gone while the erasure is under way: it then looks twice more at least.
  const erasure = erase(both[0], number);
  const posted: string[] = [];
  do posted.push(...(await Promise.all(both.map((api) => post(api, number)))));
  while (await isThere(first));

  expect(await erasure.exitCode, erasure.output()).toBe(0);
  const runs = Number(/^Erased: (\d+) run/.exec(erasure.output())?.[1]);
  const waiting = Number(/(\d+) waiting/.exec(erasure.output())?.[1]);
  // A text that is being forwarded counts as waiting and as a run.
  expect(runs + waiting).toBeGreaterThanOrEqual(1 + posted.length);
  for (const guid of posted) expect(await isThere(guid)).toBe(false);
});

it('each api erases what waits in its own inbox', async () => {
  const number = '+15550709002';
  const forwarding = await startApi(inject('temporalAddress'));
  const waiting = await startApi('127.0.0.1:1');
  const guid = await post(forwarding, number);
  await eventually(() => isThere(guid));
  await post(waiting, number);

  const [one, other] = [erase(forwarding, number), erase(waiting, number)];
  await Promise.all([one.exitCode, other.exitCode]);
  expect(one.output()).toMatch(/^Erased: [01] run\(s\), 0 waiting text\(s\)/);
  expect(other.output()).toMatch(/^Erased: [01] run\(s\), 1 waiting text\(s\)/);
  expect(await isThere(guid)).toBe(false);
});
