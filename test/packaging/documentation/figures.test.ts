import { expect, it } from 'vitest';
import { ms, rate } from '../../../bench/report/table.js';
import type { Cost } from '../../../bench/sizing/report.js';
import { read } from '../../helpers/project-files.js';

const result = <Json>(name: string) => JSON.parse(read(`bench/results/${name}.json`)) as Json;

/** A row of a table of docs/deploying.md, by its beginning. */
function row(beginning: string): string {
  return (
    read('docs/deploying.md')
      .split('\n')
      .find((line) => line.startsWith(`| ${beginning}`)) ?? expect.fail(`no row "${beginning}"`)
  );
}

const { costs } = result<{ costs: Record<'api' | 'worker' | 'temporal', Cost> }>('sizing');
const kept = costs.temporal.diskBytes as number;
const secondsADay = 86_400;
/** Names the row to edit and its new figure: no benchmark writes that page. */
function expectRow(beginning: string, figure: string): void {
  expect
    .soft(row(beginning), `docs/deploying.md, row "${beginning}": edit it, bench/results has now "${figure}"`)
    .toContain(figure);
}

/** The sizes in a row's three columns, in gigabytes. */
function expectSizes(beginning: string, expected: number[]): void {
  const sizes = row(beginning)
    .split('|')
    .slice(2, 5)
    .map((cell) => Number.parseFloat(cell) * (cell.includes('TB') ? 1_000 : 1));
  expect
    .soft(
      sizes.map((size) => Number(size.toPrecision(2))),
      `docs/deploying.md, row "${beginning}": edit it, computed is now ${expected.join(', ')} GB`,
    )
    .toEqual(expected);
}

/** Rounded to two digits. */
const gigabytes = (bytes: number) => Number((bytes / 1e9).toPrecision(2));

it('docs/deploying.md has the figures that were measured', () => {
  const { product } = result<{ product: { messagesPerSecond: number } }>('e2e');
  expectRow('api, processor', `${costs.api.processorMs.toFixed(1)} ms`);
  expectRow('worker, processor', `${ms(costs.worker.processorMs)} ms`);
  expectRow('embedded Temporal server, processor', `${ms(costs.temporal.processorMs)} ms`);
  expectRow('everything on 2 cores', `${Math.round(product.messagesPerSecond)} messages`);
  expectRow(
    'memory |',
    `api ${costs.api.memoryMiB.toFixed(0)} MiB, worker ${costs.worker.memoryMiB.toFixed(0)} MiB, embedded server ${costs.temporal.memoryMiB.toFixed(0)} MiB`,
  );
  expectRow("Temporal's database | ", `${Math.round(kept).toLocaleString('en')} bytes`);
  const { rows } = result<{
    rows: Array<{ scenario: string; subjects: { answerback: { messagesPerSecond: number } } }>;
  }>('ack');
  const steady =
    rows.find(({ scenario }) => scenario === '100 connections, steady')?.subjects.answerback.messagesPerSecond ?? NaN;
  expectRow('api, posts', rate(steady).replace('/s', ' a second'));
});

it('docs/deploying.md computes its other figures from them', () => {
  const total = costs.api.processorMs + costs.worker.processorMs + costs.temporal.processorMs;
  expectRow('everything on 2 cores', ` = ${Math.round(2_000 / total)}`);
  expectRow('worker, processor', ` = ${Math.round(1_000 / costs.worker.processorMs)} a second`);
  const perSecond = [1, 10, 100];
  expectSizes(
    "Temporal's database, a day",
    perSecond.map((messages) => gigabytes(kept * secondsADay * messages)),
  );
  expectSizes(
    'the same after 30 days',
    perSecond.map((messages) => gigabytes(kept * secondsADay * 30 * messages)),
  );
});
