import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { projectFolder } from '../../test/kit/program.js';
import { median } from '../report/statistics.js';
import type { EverythingOn } from './products.js';

const [looks, lists] = [200, 3];

/** Measures a look at each of these senders in turn, as each reply makes it. Returns the median, in milliseconds. */
export function measureLook({ contacts }: EverythingOn, senderOf: (index: number) => string): Promise<number> {
  return medianTime(looks, (index) => contacts.stateOf([senderOf(index)]));
}

/** Measures `answerback contact list`, from its start to its end. Returns the median, in milliseconds. */
export function measureList({ env }: EverythingOn): Promise<number> {
  const options = { cwd: projectFolder, env: { PATH: process.env['PATH'] ?? '', ...env } };
  return medianTime(lists, () =>
    promisify(execFile)(process.execPath, ['dist/cli/main.js', 'contact', 'list'], options),
  );
}

async function medianTime(times: number, work: (index: number) => Promise<unknown>): Promise<number> {
  const measured: number[] = [];
  for (let index = 0; index < times; index++) {
    const startedAt = performance.now();
    await work(index);
    measured.push(performance.now() - startedAt);
  }
  return median(measured);
}
