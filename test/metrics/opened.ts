import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';

export const secret = 'a-secret-of-this-test';
export const read = (file: string) => readFileSync(fileURLToPath(new URL(`../../${file}`, import.meta.url)), 'utf8');

/** What a file of tests has opened; it is closed after the last test. */
export const opened: Array<() => Promise<unknown>> = [];

/** Closes, after the last test, what the tests of a file have opened. */
export function closeAtEnd(): void {
  afterAll(async () => {
    for (const close of opened.splice(0).reverse()) await close();
  });
}

export const metricsPage = read('docs/metrics.md');
export const alertsPage = read('docs/alerts.md');
