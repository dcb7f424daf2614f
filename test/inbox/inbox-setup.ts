import { afterEach, beforeEach, onTestFinished } from 'vitest';
import { type Inbox, type InboxOptions, openInbox } from '../../src/inbox/inbox.js';
import type { InboxUnusableError } from '../../src/inbox/schema.js';
import { holdInbox, threadUrl } from '../helpers/inbox.js';
import { queryInbox } from '../helpers/inbox-file.js';
import { recordingLog } from '../helpers/logs.js';
import { aMessage } from '../helpers/messages.js';
import { dataFolder } from '../kit/data-folder.js';

export let folder: Awaited<ReturnType<typeof dataFolder>>;
export let log: ReturnType<typeof recordingLog>;
export let broken: InboxUnusableError[];

/** Gives each test of a file a data folder and a log of its own. */
export function useInbox(): void {
  beforeEach(async () => {
    folder = await dataFolder();
    log = recordingLog();
    broken = [];
  });
  afterEach(() => folder.remove());
}

/** The inbox of the test's folder, in its real thread, until the test ends. */
export async function open(settings: Partial<InboxOptions> = {}): Promise<Inbox> {
  const inbox = await openInbox({
    dataDir: folder.path,
    log: log.log,
    onBroken: (error) => broken.push(error),
    threadUrl,
    ...settings,
  });
  onTestFinished(() => inbox.close());
  return inbox;
}

/** A hold on the database that ends with the test at the latest. */
export function hold(): () => void {
  const release = holdInbox(folder.path);
  onTestFinished(release);
  return release;
}

export const accept = (inbox: Inbox, ...guids: string[]) =>
  inbox.accept({ messages: guids.map((guid) => aMessage({ id: guid })), rejected: [] });
export const rows = () =>
  queryInbox<{ seq: number; lines: string }>(folder.path, 'SELECT seq, body AS lines FROM entries ORDER BY seq');

export const eventNames = () => log.events.map(({ event }) => event);
