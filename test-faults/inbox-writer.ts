import { openSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { openInbox } from '../src/inbox/inbox.js';
import { silentLog } from '../test/helpers/logs.js';
import { aMessage } from '../test/helpers/messages.js';

/** Fills the inbox of a folder until it is killed, and writes each accepted GUID to a file that lies elsewhere. */
const [dataDir = '', synchronous, acknowledgements = ''] = process.argv.slice(2);
const inbox = await openInbox({
  dataDir,
  dedupDays: 30,
  synchronous: synchronous === 'NORMAL' ? 'NORMAL' : 'FULL',
  deadlineMs: 60_000,
  log: silentLog,
  onBroken: (error) => {
    throw error;
  },
  threadUrl: new URL('../dist/inbox/thread.js', import.meta.url),
});
const file = openSync(acknowledgements, 'a');
for (;;) {
  const messages = Array.from({ length: 5 }, () => aMessage());
  await inbox.accept({ messages, rejected: [] });
  writeSync(file, messages.map(({ guid }) => `${guid}\n`).join(''));
  await sleep(1);
}
