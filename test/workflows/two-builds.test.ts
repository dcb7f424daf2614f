import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { messageVersion } from '../../src/domain/message.js';
import { eventually } from '../kit/eventually.js';
import { projectFolder } from '../kit/program.js';
import { aDecision, aMessage } from '../helpers/messages.js';
import { connectForTest } from '../helpers/suite-temporal.js';

const nextVersion = messageVersion + 1;

let folder: string;
beforeAll(async () => {
  // Inside the project, so that the copy finds its packages.
  const cache = path.join(projectFolder, 'node_modules/.cache');
  await mkdir(cache, { recursive: true });
  folder = await mkdtemp(path.join(cache, 'answerback-next-build-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Builds the workflows of a release that writes the next version of messages. Returns the path of the bundle. */
async function nextBuild(): Promise<string> {
  await cp(path.join(projectFolder, 'dist'), folder, { recursive: true });
  const file = path.join(folder, 'domain/message.js');
  const code = await readFile(file, 'utf8');
  const changed = code.replace(`messageVersion = ${messageVersion}`, `messageVersion = ${nextVersion}`);
  expect(changed).not.toBe(code);
  await writeFile(file, changed);
  const { code: bundle } = await bundleWorkflowCode({
    workflowsPath: path.join(folder, 'workflows/index.js'),
    logger: new DefaultLogger('WARN'),
  });
  const bundlePath = path.join(folder, 'next-bundle.js');
  await writeFile(bundlePath, bundle);
  return bundlePath;
}

it('a message of the next release fails the tasks of a worker of this one, and waits for a worker of the next', async () => {
  const bundlePath = await nextBuild();
  const temporal = await connectForTest();
  const next = await connectForTest(undefined, { taskQueue: temporal.taskQueue, bundlePath });
  const activities = {
    consider: async () => aDecision(),
    sendReply: async () => ({ reply: 'sent', gatewayMessageId: 'abc' }) as const,
  };
  const message = { ...aMessage(), version: nextVersion as typeof messageVersion };
  const handle = temporal.client.workflow.getHandle(message.id);

  await temporal.withWorker(activities, async () => {
    await temporal.startWorkflow(message);
    await eventually(async () => ((await handle.describe()).raw.pendingWorkflowTask?.attempt ?? 0) > 1);
    const { events } = await handle.fetchHistory();
    const failures = (events ?? []).flatMap(({ workflowTaskFailedEventAttributes: failed }) => failed?.failure ?? []);
    expect(failures.map((failure) => failure.message)).toContain(
      `This worker knows messages of version ${messageVersion}, not ${nextVersion}`,
    );
    expect((await handle.describe()).status.name).toBe('RUNNING');
  });
  await next.withWorker(activities, async () => {
    expect(await handle.result()).toMatchObject({ reply: 'sent' });
  });
  await Promise.all([temporal.close(), next.close()]);
});
