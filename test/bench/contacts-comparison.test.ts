import { describe, expect, it } from 'vitest';
import { compareRounds, endOfPauseMs } from '../../bench/contacts/compare.js';
import type { CostRound } from '../../bench/contacts/round.js';
import { contactsReport } from '../../bench/contacts/report.js';

const round = (messagesPerSecond: number, server: number, idle: number): CostRound => ({
  messagesPerSecond,
  processorMs: { server, process: 10 },
  idleMs: [idle - 1, idle, idle + 40],
});

const run = { cores: 2, node: 'v20', busyBefore: 0, quick: false, seconds: 9, messages: 100, samples: 3, rounds: 3 };

/** A report in which everything on has this one figure in each round, and all else is equal. */
function reportWith({ rate = 40, server = 30, idle = 20, more = 0, ended = 10 }): string[] {
  const [off, on] = [round(40, 30, 20), round(rate, server, idle)];
  const pauses = { ...round(30, server + more, 30), ended };
  const measured = { rounds: [off], lookMs: 2, listMs: 900, serverMemoryMiB: 200 };
  const written = { count: 1_000, seconds: 10, bytes: 15_000_000 };
  const optOuts = { written, many: measured, none: measured, optedOutLookMs: 2 };
  return contactsReport(run, { cost: { on: [on], off: [off], pauses: [pauses] }, optOuts }).split('\n');
}

const row = (lines: string[], beginning: string) => lines.find((line) => line.startsWith(`| ${beginning}`)) ?? '';

describe('the comparison of everything on and off', () => {
  it('pairs the sides of each round, so that a busy moment of both changes nothing', () => {
    const off = [round(40, 30, 20), round(10, 130, 90), round(40, 30, 20)];
    const on = [round(38, 34, 22), round(9.5, 144, 92), round(38, 34, 22)];
    const { messagesPerSecond, processorMs, moreIdleMs } = compareRounds(on, off);
    expect(messagesPerSecond).toMatchObject({ measured: 38, compared: 40, ratio: 0.95, lowest: 0.95, highest: 0.95 });
    expect(processorMs).toMatchObject({ measured: 44, compared: 40, ratio: 1.1, lowest: 1.1, highest: 1.1 });
    expect(moreIdleMs).toBe(2);
  });

  it('computes the end of a pause from what its round took more than that without pauses', () => {
    const on = [round(40, 30, 20), round(40, 60, 20)];
    const pauses = [
      { ...round(30, 36, 20), ended: 50 },
      { ...round(30, 66, 20), ended: 50 },
    ];
    expect(endOfPauseMs(pauses, on, { messages: 100 })).toBe(12);
  });
});

describe('the report says whether', () => {
  it.each([
    ['messages per second', { rate: 37.5 }, { rate: 37.3 }],
    ['processor time', { server: 32.7 }, { server: 32.9 }],
    ['idle: later', { idle: 25 }, { idle: 25.1 }],
    ['computed: one pause', { more: 5 }, { more: 6 }],
  ])('the target of "%s" is met', (beginning, within, over) => {
    expect(row(reportWith(within), beginning)).toContain('| met |');
    expect(row(reportWith(over), beginning)).toContain('| **missed** |');
  });

  it('and computes what a million opt-outs take', () => {
    expect(reportWith({}).at(-1)).toContain('15,000 bytes each. Computed from it: a million opt-outs take 15.0 GB.');
  });
});
