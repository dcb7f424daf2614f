import { setTimeout as after } from 'node:timers/promises';
import type { InboundMessage } from '../../src/domain/message.js';
import type { StartWorkflow } from '../../src/temporal/start-workflow.js';
import { createRecentStarts } from '../../src/temporal/recent-starts.js';
import { createTemporalIntake } from '../../src/temporal/temporal-intake.js';
import { eventually } from '../kit/eventually.js';
import { recordingLog } from '../helpers/logs.js';
import { aMessage } from '../helpers/messages.js';

/** Starts that wait until the test says how they end. */
function fakeStarts() {
  const begun: string[] = [];
  const ended: string[] = [];
  const open = new Map<string, { succeed: () => void; fail: (error: Error) => void }>();
  const state = { atOnce: false, running: 0, maxAtOnce: 0 };
  const startWorkflow: StartWorkflow = async ({ id: guid }) => {
    begun.push(guid);
    state.maxAtOnce = Math.max(state.maxAtOnce, ++state.running);
    try {
      if (state.atOnce) await after(1);
      else await new Promise<void>((succeed, fail) => open.set(guid, { succeed, fail }));
      ended.push(guid);
      return 'started';
    } finally {
      open.delete(guid);
      state.running--;
    }
  };
  const waitFor = (guid: string) => eventually(() => open.get(guid));
  return {
    startWorkflow,
    begun,
    ended,
    state,
    succeed: async (guid: string) => (await waitFor(guid)).succeed(),
    fail: async (guid: string, error: Error) => (await waitFor(guid)).fail(error),
    /** Everything open succeeds, and so does whatever begins from now on. */
    succeedAll: () => {
      state.atOnce = true;
      for (const { succeed } of open.values()) succeed();
    },
  };
}

export function setUp(settings: { deadlineMs?: number; concurrency?: number } = {}) {
  const starts = fakeStarts();
  const { log, events } = recordingLog();
  const intake = createTemporalIntake({
    startWorkflow: createRecentStarts(starts.startWorkflow).startWorkflow,
    forwardReceipt: async () => {},
    takeOver: async () => {},
    log,
    deadlineMs: 10_000,
    ...settings,
  });
  const accept = (...messages: InboundMessage[]) => {
    let settled: 'accepted' | Error | undefined;
    const result = intake.accept({ messages, rejected: [] }).then(
      () => (settled = 'accepted'),
      (error: Error) => (settled = error),
    );
    return { result, settled: () => settled };
  };
  return { starts, intake, accept, events };
}

export const messages = (...guids: string[]) => guids.map((guid) => aMessage({ id: guid }));
