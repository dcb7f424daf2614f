import { pairedRatio } from '../report/statistics.js';
import type { Row } from './results.js';
import type { Subject } from './scenarios.js';

/** A target: a ratio of two subjects that were measured in turn. */
export interface Target {
  scenario: string;
  what: 'p50' | 'messagesPerSecond';
  subject: Subject;
  baseline: Subject;
  /** The most that a ratio of p50 may be, or the least that a ratio of rates must be. */
  limit: number;
}

export const targets: readonly Target[] = [
  { scenario: 'one message', what: 'p50', subject: 'answerback', baseline: 'floor', limit: 1.7 },
  { scenario: '100 messages in one request', what: 'p50', subject: 'answerback', baseline: 'floor', limit: 1.7 },
  { scenario: 'burst of 100 requests', what: 'p50', subject: 'answerback', baseline: 'original', limit: 0.5 },
  {
    scenario: '100 connections, steady',
    what: 'messagesPerSecond',
    subject: 'answerback',
    baseline: 'original',
    limit: 6,
  },
];

/** The most that signatures and encryption may cost, as a ratio of p50 in each scenario without a steady load. */
export const costTargets: readonly Target[] = targets
  .filter(({ what }) => what === 'p50')
  .map((target) => ({ ...target, subject: 'sealed', baseline: 'plain', limit: 1.1 }));

/**
 * Compares the two subjects in each round. Returns the median ratio with the lowest and the highest; undefined when one
 * of the subjects was not measured.
 */
export function outcomeOf({ scenario, what, subject, baseline, limit }: Target, rows: readonly Row[]) {
  const subjects = rows.find((row) => row.scenario === scenario)?.subjects;
  const [measured, compared] = [subjects?.[subject], subjects?.[baseline]];
  if (!measured || !compared) return undefined;
  const valuesOf = ({ rounds }: typeof measured) => rounds.map((round) => round[what]);
  const paired = pairedRatio(valuesOf(measured), valuesOf(compared));
  return { ...paired, isMet: what === 'p50' ? paired.ratio <= limit : paired.ratio >= limit };
}
