import { afterEach, beforeEach, expect, it } from 'vitest';
import { createStuckAdmin } from '../../src/api/admin/stuck.js';
import { startControl } from '../../src/control/server.js';
import { startForwarder } from '../../src/inbox/forwarder.js';
import { openInbox } from '../../src/inbox/inbox.js';
import { packed } from '../helpers/answerback-command.js';
import { threadUrl } from '../helpers/inbox.js';
import { silentLog } from '../helpers/logs.js';
import { aMessage } from '../helpers/messages.js';
import { dataFolder } from '../kit/data-folder.js';
import { eventually } from '../kit/eventually.js';

let folder: Awaited<ReturnType<typeof dataFolder>>;
let close: () => Promise<void>;
let refused: Set<string>;
let inbox: Awaited<ReturnType<typeof openInbox>>;

/** The parts of an api that the command asks, in front of a Temporal that refuses some messages. */
beforeEach(async () => {
  folder = await dataFolder();
  refused = new Set();
  const unused = () => expect.unreachable();
  const onBroken = unused;
  inbox = await openInbox({ dataDir: folder.path, log: silentLog, onBroken, threadUrl });
  const forwarder = startForwarder({
    inbox,
    startWorkflow: async ({ id }) => {
      if (refused.has(id)) throw new Error('Blob data size exceeds limit.');
    },
    forwardReceipt: async () => {},
    takeOver: async () => {},
    isRefusal: () => true,
    log: silentLog,
  });
  const control = await startControl({
    dataDir: folder.path,
    erase: unused,
    quarantine: { list: unused, show: unused, requeue: unused },
    drain: { begin: unused, end: unused, state: unused },
    stuck: createStuckAdmin({ inbox, forwarder }),
    log: silentLog,
  });
  close = async () => {
    await control.close();
    await forwarder.stop(0);
    await inbox.close();
  };
});
afterEach(async () => {
  await close();
  await folder.remove();
});

const retryStuck = (...args: string[]) =>
  packed.answerback(['retry-stuck', ...args], { DATA_DIR: folder.path, NO_COLOR: '1' });

it('without a stuck message there is nothing to do', async () => {
  expect(await retryStuck()).toEqual({ stdout: 'No message is stuck\n', stderr: '', exitCode: 0 });
});

it('says which messages are stuck and why, and forwards them once the cause is gone', async () => {
  for (let count = 0; count < 120; count++) refused.add(`too-large-${count}`);
  await inbox.accept({ messages: [...refused].map((id) => aMessage({ id })), rejected: [] });
  await eventually(() => inbox.status().stuck === 120);

  const { stdout, stderr, exitCode } = await retryStuck();
  const [head, ...lines] = stdout.trimEnd().split('\n');
  expect(head).toMatch(/^ID +ACCEPTED +REASON$/);
  expect(lines).toHaveLength(120);
  expect(lines[0]).toMatch(/^too-large-0 +20\S+Z +Blob data size exceeds limit\.$/);
  expect(exitCode).toBe(1);
  expect(stderr).toBe(
    '120 of 120 stuck message(s) are still stuck: ' +
      'fix the reason that is listed, then run this again, or wait: they are retried every 30 s\n',
  );

  refused.delete('too-large-7');
  const { stuck, retried } = JSON.parse((await retryStuck('--json')).stdout) as {
    stuck: Array<{ id: string }>;
    retried: number;
  };
  expect({ retried, stuck: stuck.length }).toEqual({ retried: 120, stuck: 119 });
  expect(stuck.map(({ id }) => id)).not.toContain('too-large-7');

  refused.clear();
  expect(await retryStuck()).toEqual({ stdout: 'Forwarded: 119\n', stderr: '', exitCode: 0 });
  expect(inbox.status()).toMatchObject({ depth: 0, stuck: 0 });
});
