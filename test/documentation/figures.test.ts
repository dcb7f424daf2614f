import { expect, it } from 'vitest';
import { ms, rate } from '../../bench/report/table.js';
import type { Cost } from '../../bench/sizing/report.js';
import { read } from '../helpers/project-files.js';

const result = <Json>(name: string) => JSON.parse(read(`bench/results/${name}.json`)) as Json;

/** A row of a table of docs/deploying.md, by its beginning. */
function row(beginning: string): string {
  return read('docs/deploying.md').split('\n').find((line) => line.startsWith(`| ${beginning}`)) ?? expect.fail(`no row "${beginning}"`);
}

const { costs } = result<{ costs: Record<'api' | 'worker' | 'temporal', Cost> }>('sizing');
const [known, kept] = [costs.api.diskBytes as number, costs.temporal.diskBytes as number];
const secondsADay = 86_400;
/** Two digits, as one says a size. */
const gigabytes = (bytes: number) => Number((bytes / 1e9).toPrecision(2));

it('docs/deploying.md has the figures that were measured', () => {
  const { product } = result<{ product: { messagesPerSecond: number } }>('e2e');
  expect(row('api, processor')).toContain(`${costs.api.processorMs.toFixed(1)} ms`);
  expect(row('worker, processor')).toContain(`${ms(costs.worker.processorMs)} ms`);
  expect(row('embedded Temporal server, processor')).toContain(`${ms(costs.temporal.processorMs)} ms`);
  expect(row('everything on 2 cores')).toContain(`${Math.round(product.messagesPerSecond)} texts`);
  expect(row('memory |')).toContain(`api ${costs.api.memoryMiB.toFixed(0)} MiB, worker ${costs.worker.memoryMiB.toFixed(0)} MiB, embedded server ${costs.temporal.memoryMiB.toFixed(0)} MiB`);
  expect(row("Temporal's database | ")).toContain(`${Math.round(kept).toLocaleString('en')} bytes`);
  expect(row('inbox, a GUID')).toContain(`${Math.round(known)} bytes`);
  const { rows } = result<{ rows: Array<{ scenario: string; subjects: { answerback: { messagesPerSecond: number } } }> }>('ack');
  const steady = rows.find(({ scenario }) => scenario === '100 connections, steady')?.subjects.answerback.messagesPerSecond ?? NaN;
  expect(row('api, posts')).toContain(rate(steady).replace('/s', ' a second'));
});

it('docs/deploying.md computes from them what it says it computes', () => {
  const total = costs.api.processorMs + costs.worker.processorMs + costs.temporal.processorMs;
  expect(row('everything on 2 cores')).toContain(` = ${Math.round(2_000 / total)}`);
  expect(row('worker, processor')).toContain(` = ${Math.round(1_000 / costs.worker.processorMs)} a second`);
  const sizes = (beginning: string) => row(beginning).split('|').slice(2, 5).map((cell) => Number.parseFloat(cell) * (cell.includes('TB') ? 1_000 : 1));
  const perSecond = [1, 10, 100];
  expect(sizes("Temporal's database, a day").map((size) => Number(size.toPrecision(2)))).toEqual(perSecond.map((texts) => gigabytes(kept * secondsADay * texts)));
  expect(sizes('the same after 30 days').map((size) => Number(size.toPrecision(2)))).toEqual(perSecond.map((texts) => gigabytes(kept * secondsADay * 30 * texts)));
  expect(sizes('all inboxes')).toEqual(perSecond.map((texts) => gigabytes(known * secondsADay * 30 * texts)));
});
