import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setImmediate as turn } from 'node:timers/promises';
import { stringify } from 'csv-stringify';
import { describe, expect, it } from 'vitest';
import { columns, rowsOf } from '../../src/cli/run-rows.js';
import type { RunRecord } from '../../src/temporal/runs/record.js';
import type { Run } from '../../src/temporal/runs/run.js';
import { aMessage } from '../helpers/messages.js';

function aRun(overrides: Partial<Run> = {}): Run {
  const at = '2026-11-01T10:00:00.000Z';
  return { workflowId: 'one', runId: 'run-1', state: 'done', startedAt: at, closedAt: at, url: '', ...overrides };
}

function aRecord(overrides: Partial<RunRecord> = {}): RunRecord {
  const verdict = { label: 'Agree', by: 'rules' } as const;
  return { state: 'done', message: aMessage(), verdict, reply: 'sent', isOpened: true, ...overrides };
}

const rows = async (runs: Run[], record: RunRecord, options = {}) =>
  Readable.from(rowsOf(Readable.from(runs), async () => record, options, { rows: 0, unopened: 0 })).toArray();

describe('the row of a run', () => {
  it.each([
    [{ line: 'phone-1', to: '+12125550100' }, 'phone-1'],
    [{ to: '+12125550100' }, '+12125550100'],
    [{}, 'smsmobileapi'],
    [{ line: '=cmd()' }, "'=cmd()"],
  ])('has in %j the line %s', async (received, line) => {
    expect(await rows([aRun()], aRecord({ message: aMessage(received) }))).toMatchObject([{ line }]);
  });

  it.each([
    ['+12125550100', '+1********00', '+12125550100'],
    ['(555) 000-1234', '55******34', '5550001234'],
    ['=1+cmd()', '*1******', "'=1+cmd()"],
    ['+me', '***', "'+me"],
    ['+hello', '+*****', "'+hello"],
  ])('has from %s the number %s, or %s', async (from, masked, whole) => {
    const record = aRecord({ message: aMessage({ from }) });
    expect(await rows([aRun()], record)).toMatchObject([{ number: masked }]);
    expect(await rows([aRun()], record, { numbers: true })).toMatchObject([{ number: whole }]);
  });

  it('has what is known of a run that another program started', async () => {
    const message = { sender: 5, gateway: 7 } as object;
    const started = { workflowId: '-x', state: 'running', startedAt: '2026-11-01T11:00:00.000Z' } as const;
    expect(await rows([aRun(started)], { state: 'running', message, isOpened: true })).toMatchObject([
      { time: '2026-11-01T11:00:00.000Z', guid: "'-x", label: '', reply: '', state: 'running' },
    ]);
  });
});

it('a run that closes while the list is read has one row, and one that is erased has none', async () => {
  const { closedAt, ...open } = aRun({ state: 'running' });
  const listed = [open, aRun({ runId: 'run-2' }), { ...open, closedAt: closedAt ?? '' }, aRun({ runId: 'erased' })];
  const read: string[] = [];
  const counts = { rows: 0, unopened: 0 };
  const records = async ({ runId }: { runId: string }) => {
    read.push(runId);
    return runId === 'erased' ? undefined : aRecord();
  };
  expect(await Readable.from(rowsOf(Readable.from(listed), records, {}, counts)).toArray()).toHaveLength(2);
  expect(read).toEqual(['run-1', 'run-2', 'erased']);
  expect(counts).toEqual({ rows: 2, unopened: 0 });
});

it('a hundred thousand rows are written without reading ahead of a slow reader', { timeout: 120_000 }, async () => {
  const count = 100_000;
  const now = { listed: 0, reading: 0, written: 0 };
  const most = { ahead: 0, reading: 0 };
  async function* list() {
    while (now.listed < count) {
      most.ahead = Math.max(most.ahead, ++now.listed - now.written);
      yield aRun({ runId: `run-${now.listed}`, workflowId: `text-${now.listed}` });
    }
  }
  async function read() {
    most.reading = Math.max(most.reading, ++now.reading);
    await turn();
    now.reading--;
    return aRecord();
  }
  const slowReader = new Writable({
    highWaterMark: 1_024,
    write(chunk: Buffer, _encoding, done) {
      now.written += chunk.toString().split('\n').length - 1;
      setImmediate(done);
    },
  });
  const counts = { rows: 0, unopened: 0 };
  await pipeline(rowsOf(list(), read, {}, counts), stringify({ header: true, columns: [...columns] }), slowReader);
  expect({ ...counts, written: now.written }).toEqual({ rows: count, unopened: 0, written: count + 1 });
  expect(most.reading).toBe(20);
  expect(most.ahead).toBeLessThan(1_000);
});
