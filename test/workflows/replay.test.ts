import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { bundleWorkflowCode, DefaultLogger, Worker } from '@temporalio/worker';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { quietRuntime } from '../kit/temporal.js';

const folder = new URL('histories/', import.meta.url);
/** All recorded histories, as `<release>/<branch>.json`; `next` is the coming release. */
const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.json'));
const historyOf = async (name: string) => historyFromJSON(JSON.parse(await readFile(new URL(name, folder), 'utf8')));

beforeAll(quietRuntime);

describe('recorded runs', () => {
  it.each(names)('%s replays on the present workflow', async (name) => {
    await Worker.runReplayHistory(
      { workflowBundle: { codePath: inject('workflowBundlePath') } },
      await historyOf(name),
      name,
    );
  });

  it('are refused by a workflow with its steps in another order', async () => {
    const workflowBundle = await bundleWorkflowCode({
      workflowsPath: fileURLToPath(new URL('incompatible-workflow.ts', import.meta.url)),
      logger: new DefaultLogger('ERROR'),
    });
    await expect(
      Worker.runReplayHistory({ workflowBundle }, await historyOf('next/sent.json'), 'sent'),
    ).rejects.toMatchObject({
      name: 'DeterminismViolationError',
    });
  });
});
