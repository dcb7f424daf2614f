import type { ScriptInput } from '../../src/demo/simulated-gateway/step.js';
import { sendTimeoutMs, sendTryTimeoutMs } from '../../src/domain/waiting.js';

type Step = ScriptInput[number];

/** Ways to take a text and not to say so. `knownAfterMs`: when the product ends the send, from its beginning. */
const faults = {
  hang: { steps: [{ hang: true }], knownAfterMs: sendTimeoutMs },
  reset: { steps: [{ reset: 'after' }], knownAfterMs: 0 },
  'a 502': { steps: [{ status: 502, accept: true }], knownAfterMs: 0 },
  'a 503 of a proxy': { steps: [503, 503].map(proxyPage), knownAfterMs: 0 },
  /** The product is killed while it waits for the response. */
  kill: { steps: [{ hang: true }], knownAfterMs: sendTryTimeoutMs },
} satisfies Record<string, { steps: Step[]; knownAfterMs: number }>;
export type Fault = keyof typeof faults;

/** A proxy that has handed the send on. Every other one asks to try again. */
function proxyPage(status: number, index: number): Step {
  const page = { status, accept: true, body: '<html>busy</html>', headers: { 'content-type': 'text/html' } };
  return index === 0 ? page : { ...page, retryAfter: 1 };
}

/** What is said later about a send of unknown outcome. `late`: only after its reply is parked. */
const receipts = {
  'in time': { receipts: ['sent', 'delivered'] },
  late: { receipts: ['delivered'] },
  doubled: { receipts: ['sent', 'sent', 'delivered', 'delivered'], receiptsAfterMs: 500 },
  'out of order': { receipts: ['delivered', 'sent', 'accepted'], receiptsAfterMs: 500 },
  failed: { receipts: ['failed'], receiptsAfterMs: 1_000 },
  lost: { receipts: [] },
} satisfies Record<string, Step>;
type ReceiptCase = keyof typeof receipts;

/** How much later than the end of its send a late receipt comes. */
const lateByMs = 3_000;

/** How the gateway takes one send, in the order of the sends. Without a fault, it says at once that it took it. */
export interface PlannedSend {
  step: Step;
  fault?: Fault;
  receipt?: ReceiptCase;
}

/** Sends of unknown outcome: `each` for every fault and every case of receipts, and the faults by turns. */
function sendsWith(all: readonly Fault[], each: number): PlannedSend[] {
  const cases = Object.keys(receipts) as ReceiptCase[];
  return Array.from({ length: each }, (_, index) => index).flatMap((index) =>
    cases.flatMap((receipt) => all.map((fault) => plannedSend(fault, receipt, index))),
  );
}

function plannedSend(fault: Fault, receipt: ReceiptCase, index: number): PlannedSend {
  const { steps, knownAfterMs } = faults[fault];
  const late = receipt === 'late' && { receiptsAfterMs: knownAfterMs + lateByMs };
  return { fault, receipt, step: { ...steps[index % steps.length], ...receipts[receipt], ...late } };
}

/** Sends under way when the product is killed. */
export const sendsUntilKill = (): PlannedSend[] => sendsWith(['kill'], 1);

/**
 * Sends with each fault. Between two of them one works, so that the breaker stays closed: it would hold the others back.
 * Those that hang come last, since they all end at once.
 */
export const sendsWithFaults = (): PlannedSend[] =>
  [...sendsWith(['reset', 'a 502', 'a 503 of a proxy'], 3), ...sendsWith(['hang'], 1)].flatMap((send) => [
    send,
    { step: {} },
  ]);
