import { afterEach, beforeEach, expect, vi } from 'vitest';
import { type Forwarder, type ForwarderOptions, startForwarder } from '../../src/inbox/forwarder.js';
import { type Inbox, openInbox } from '../../src/inbox/inbox.js';
import type { InboundMessage } from '../../src/domain/message.js';
import type { Receipt } from '../../src/domain/receipt.js';
import { eventually } from '../kit/eventually.js';
import { threadUrl } from '../helpers/inbox.js';
import { queryInbox } from '../helpers/inbox-file.js';
import { recordingLog } from '../helpers/logs.js';
import { aMessage } from '../helpers/messages.js';
import { dataFolder } from '../kit/data-folder.js';

class Refusal extends Error {}

/** Temporal as the forwarder sees it. */
function fakeTemporal() {
  const attempts: Array<{ guid: string; atMs: number }> = [];
  const started: string[] = [];
  const refused = new Set<string>();
  const held: Array<() => void> = [];
  const state = { away: false, hold: false, running: 0, maxAtOnce: 0 };
  async function startWorkflow({ id: guid }: InboundMessage) {
    attempts.push({ guid, atMs: performance.now() });
    state.maxAtOnce = Math.max(state.maxAtOnce, ++state.running);
    if (state.hold) await new Promise<void>((resolve) => held.push(resolve));
    else await new Promise((resolve) => setImmediate(resolve));
    state.running--;
    if (state.away) throw new Error('14 UNAVAILABLE');
    if (refused.has(guid))
      throw new Refusal('Failed to start Workflow', { cause: new Error('Blob data size exceeds limit.') });
    if (!started.includes(guid)) started.push(guid);
  }
  const receipts: Receipt[] = [];
  async function forwardReceipt(receipt: Receipt) {
    if (state.away) throw new Error('14 UNAVAILABLE');
    receipts.push(receipt);
  }
  return {
    startWorkflow,
    forwardReceipt,
    receipts,
    attempts,
    begun: () => attempts.map(({ guid }) => guid),
    started,
    refused,
    state,
    /** Lets a start that is held go on: the oldest one by default. */
    releaseOne: (index = 0) => held.splice(index, 1)[0]?.(),
    releaseAll() {
      state.hold = false;
      for (const release of held.splice(0)) release();
    },
  };
}

export let folder: Awaited<ReturnType<typeof dataFolder>>;
export let log: ReturnType<typeof recordingLog>;
export let temporal: ReturnType<typeof fakeTemporal>;
export let inbox: Inbox;
let forwarders: Forwarder[];

/** Gives each test of a file an inbox of its own, and a Temporal that it controls. */
export function useForwarder(): void {
  beforeEach(async () => {
    folder = await dataFolder();
    log = recordingLog();
    temporal = fakeTemporal();
    forwarders = [];
    inbox = await open(folder.path);
  });
  afterEach(async () => {
    vi.useRealTimers();
    temporal.releaseAll();
    await Promise.all(forwarders.map((forwarder) => forwarder.stop(0)));
    await inbox.close();
    await folder.remove();
  });
}

export const open = (dataDir: string) =>
  openInbox({
    dataDir,
    log: log.log,
    onBroken: (error) => expect.unreachable(error.message),
    threadUrl,
  });

export async function reopen(): Promise<void> {
  await inbox.close();
  inbox = await open(folder.path);
}

export function start(settings: Partial<ForwarderOptions> = {}): Forwarder {
  const forwarder = startForwarder({
    inbox,
    startWorkflow: temporal.startWorkflow,
    forwardReceipt: temporal.forwardReceipt,
    takeOver: async () => {},
    isRefusal: (error) => error instanceof Refusal,
    log: log.log,
    ...settings,
  });
  forwarders.push(forwarder);
  return forwarder;
}

export const accept = (...guids: string[]) =>
  inbox.accept({ messages: guids.map((guid) => aMessage({ id: guid, text: 'private' })), rejected: [] });
export const numbered = (count: number) => Array.from({ length: count }, (_, index) => `m${index}`);
export const rows = () =>
  queryInbox<{ seq: number; lines: string; retry_at: number | null; stuck_reason: string | null }>(
    folder.path,
    'SELECT seq, body AS lines, retry_at, stuck_reason FROM entries ORDER BY seq',
  );
export const allForwarded = () => eventually(() => inbox.status().depth === 0);
export const eventNames = () => log.events.map(({ event }) => event);
