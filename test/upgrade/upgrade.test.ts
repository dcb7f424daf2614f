import { afterEach, describe, inject, it } from 'vitest';
import { checkUpgradeAndRollback } from './check.js';
import type { Installation } from './installation.js';
import type { Release } from './release.js';
import { startSeparate } from './separate.js';
import { startStandalone } from './standalone.js';

const [present, next, afterNext] = inject('releases') as [Release, Release, Release];

let installation: Installation | undefined;
afterEach(async () => {
  await installation?.stop();
  installation = undefined;
});

describe.each([
  { kind: 'npm start', start: startStandalone },
  { kind: 'two apis and two workers', start: startSeparate },
])('$kind', ({ kind, start }) => {
  it.each([
    { older: present, newer: next, change: 'a column in the inbox, and a branch that no run takes yet' },
    { older: next, newer: afterNext, change: 'a new field in the message, and runs that take the branch' },
  ])('is upgraded under load and rolled back: $change', async ({ older, newer }) => {
    installation = await start(older);
    await checkUpgradeAndRollback(kind, installation, older, newer);
  });
});
