import type { Client } from '@temporalio/client';
import { lastTriesOf } from '../../../test/faults/tries.js';
import { eventually } from '../../../test/kit/eventually.js';
import type { Arrived } from './journal.js';
import type { Said } from './texts.js';

/** A reply to the first text of a sender that arrived after the STOP was acknowledged. Unix milliseconds. */
interface Late {
  /** The run of the first text. */
  workflowId: string;
  /** The runs of the STOPs. */
  stops: string[];
  arrivedAt: number;
  acknowledgedAt: number;
  /** When the sender opted in again. */
  startedAgainAt: number;
}

/** The replies that arrived after a STOP. */
export interface LateReplies {
  afterAcknowledgement: { count: number; latestMs: number };
  /** Later than the STOP was remembered: their send had begun before. */
  inGap: { count: number; latestMs: number };
  /** Runs whose send began after the STOP was remembered. */
  begunAfter: string[];
}

/** Measures the replies that arrived after a STOP of their sender, by the histories of both runs. */
export async function measureLate(
  client: Client,
  said: readonly Said[],
  arrived: readonly Arrived[],
): Promise<LateReplies> {
  const late = lateReplies(said, arrived);
  const gapsMs: number[] = [];
  const begunAfter: string[] = [];
  // A busy server misses the deadline of a request.
  const triesOf = (id: string, activity: 'remember' | 'sendReply') =>
    eventually(() => lastTriesOf(client, id, activity), { withinMs: 60_000 });
  for (const { workflowId, stops, arrivedAt, startedAgainAt } of late) {
    const remembered: number[] = [];
    for (const stop of stops)
      remembered.push(...(await triesOf(stop, 'remember')).flatMap((one) => one.completedAtMs ?? []));
    const rememberedAt = Math.min(...remembered);
    const sends = await triesOf(workflowId, 'sendReply');
    const begunAt = Math.max(...sends.map((send) => send.startedAtMs).filter((at) => at <= arrivedAt));
    if (begunAt > rememberedAt && begunAt < startedAgainAt) begunAfter.push(workflowId);
    else if (arrivedAt > rememberedAt && arrivedAt < startedAgainAt) gapsMs.push(arrivedAt - rememberedAt);
  }
  const afterMs = late.map(({ arrivedAt, acknowledgedAt }) => arrivedAt - acknowledgedAt);
  return {
    afterAcknowledgement: { count: late.length, latestMs: Math.max(0, ...afterMs) },
    inGap: { count: gapsMs.length, latestMs: Math.max(0, ...gapsMs) },
    begunAfter,
  };
}

function lateReplies(said: readonly Said[], arrived: readonly Arrived[]): Late[] {
  return said
    .filter(({ says }) => says === 'agree')
    .flatMap(({ number, workflowId }) => {
      const own = said.filter((text) => text.number === number);
      const stops = own.filter(({ says }) => says === 'stop' || says === 'stop-again');
      const reply = arrived.find(({ to, kind }) => to === number && kind === 'Agree');
      const acknowledgedAt = Math.min(...stops.map(({ at }) => at));
      if (!reply || reply.at <= acknowledgedAt) return [];
      const startedAgainAt = own.find(({ says }) => says === 'start')?.postedAt ?? Infinity;
      const ids = stops.map((stop) => stop.workflowId);
      return { workflowId, stops: ids, arrivedAt: reply.at, acknowledgedAt, startedAgainAt };
    });
}
