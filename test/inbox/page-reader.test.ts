import { expect, it } from 'vitest';
import type { EntryPage, PageRequest } from '../../src/inbox/entries.js';
import { toLines } from '../../src/inbox/lines.js';
import { createPageReader } from '../../src/inbox/page-reader.js';
import type { Task } from '../../src/inbox/task-queue.js';
import { recordingLog } from '../helpers/logs.js';
import { aMessage } from '../helpers/messages.js';
import { eventually } from '../kit/eventually.js';

/** A reader of an inbox that has another entry for each request. */
function reading(page: (request: PageRequest) => Promise<EntryPage>) {
  const read: Task[] = [];
  const { log, events } = recordingLog();
  const inbox = { page, stuck: () => expect.unreachable() };
  const reader = createPageReader({ inbox, log, onRead: (tasks) => void read.push(...tasks) });
  return { reader, read, events };
}

let seq = 0;
const oneOfMany = (): EntryPage => ({
  entries: [{ seq: ++seq, retryAtMs: null, lines: toLines({ messages: [aMessage()] }) }],
  more: true,
});

it('stuck entries that are due and a backlog take turns', async () => {
  const requests: boolean[] = [];
  const { reader, read } = reading(async ({ stuck }) => (requests.push(stuck), oneOfMany()));
  reader.expectStuck(1);
  for (let count = 1; count <= 6; count++) {
    reader.read({ stuckToo: true });
    await eventually(() => read.length === count);
  }
  expect(requests).toEqual([false, true, false, true, false, true]);
});

it('a read that failed is logged and done again', async () => {
  let fails = true;
  const { reader, read, events } = reading(async () => {
    if (fails) throw new Error('database is locked');
    return oneOfMany();
  });
  reader.read({ stuckToo: true });
  await eventually(() => events.some(({ event }) => event === 'inbox.failed'));
  fails = false;
  reader.read({ stuckToo: true });
  await eventually(() => read.length === 1);
});
