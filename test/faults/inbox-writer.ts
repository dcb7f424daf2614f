import { openSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { openInbox } from '../../src/inbox/inbox.js';
import { silentLog } from '../helpers/logs.js';
import { aMessage } from '../helpers/messages.js';

/** Fills the inbox of a folder until it is killed, and writes each accepted GUID to a file that lies elsewhere. */
const [dataDir = '', synchronous, acknowledgements = ''] = process.argv.slice(2);
const inbox = await openInbox({
  dataDir,
  synchronous: synchronous === 'NORMAL' ? 'NORMAL' : 'FULL',
  deadlineMs: 60_000,
  log: silentLog,
  onBroken: (error) => {
    throw error;
  },
  threadUrl: new URL('../../dist/inbox/thread.js', import.meta.url),
});
const file = openSync(acknowledgements, 'a');
for (;;) {
  const messages = Array.from({ length: 5 }, () => aMessage());
  await inbox.accept({ messages, rejected: [] });
  writeSync(file, messages.map(({ id: guid }) => `${guid}\n`).join(''));
  await sleep(1);
}
