import { median, pairedRatio, type PairedRatio } from '../report/statistics.js';
import type { PausesRound } from './pauses.js';
import type { CostRound } from './round.js';

/** One figure of two sides: the median of each, and how they compare round by round. */
export interface Compared extends PairedRatio {
  measured: number;
  compared: number;
}

export interface Comparison {
  messagesPerSecond: Compared;
  /** Of server and process together, in milliseconds per message. */
  processorMs: Compared;
  serverMs: Compared;
  processMs: Compared;
  idleMs: Compared;
  /** The median over the rounds of what a reply to one message at a time takes longer, in milliseconds. */
  moreIdleMs: number;
}

/** Compares one side with another that was measured in the same rounds. */
export function compareRounds(measured: readonly CostRound[], compared: readonly CostRound[]): Comparison {
  const of = (figure: (round: CostRound) => number): Compared => {
    const values = [measured.map(figure), compared.map(figure)] as const;
    return { measured: median(values[0]), compared: median(values[1]), ...pairedRatio(...values) };
  };
  return {
    messagesPerSecond: of(({ messagesPerSecond }) => messagesPerSecond),
    processorMs: of(processorMsOf),
    serverMs: of(({ processorMs }) => processorMs.server),
    processMs: of(({ processorMs }) => processorMs.process),
    idleMs: of(({ idleMs }) => median(idleMs)),
    moreIdleMs: median(measured.map(({ idleMs }, round) => median(idleMs) - median(compared[round]?.idleMs ?? []))),
  };
}

/**
 * Computes what the end of one pause takes, in milliseconds of processor time: what the burst took more than that
 * without pauses in the same round.
 */
export function endOfPauseMs(
  pauses: readonly PausesRound[],
  on: readonly CostRound[],
  { messages }: { messages: number },
): number {
  const more = pauses.map((round, index) => processorMsOf(round) - processorMsOf(on[index] as CostRound));
  return median(more.map((perMessage, index) => (perMessage * messages) / (pauses[index]?.ended ?? NaN)));
}

const processorMsOf = ({ processorMs: { server, process } }: CostRound) => server + process;
