import { afterAll } from 'vitest';
import { read } from '../helpers/project-files.js';

export const secret = 'a-secret-of-this-test';

/** What a file of tests has opened; it is closed after the last test. */
export const opened: Array<() => Promise<unknown>> = [];

/** Closes what a test or a file of tests has opened, the latest first. */
export async function closeOpened(): Promise<void> {
  for (const close of opened.splice(0).reverse()) await close();
}

/** Closes, after the last test, what the tests of a file have opened. */
export const closeAtEnd = (): void => afterAll(closeOpened);

export const metricsPage = read('docs/metrics.md');
export const alertsPage = read('docs/alerts.md');
