import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkUpgradeAndRollback } from './check.js';
import type { Installation } from './installation.js';
import { startOnCompose } from './on-compose.js';
import { makeRelease } from './release.js';

let releases: Array<Awaited<ReturnType<typeof makeRelease>>> = [];
let installation: Installation | undefined;

beforeAll(async () => {
  releases = await Promise.all([makeRelease('present', { build: false }), makeRelease('next', { build: false })]);
});

afterAll(async () => {
  await installation?.stop();
  for (const { remove } of releases) await remove();
}, 120_000);

it('is upgraded to the next release under load and rolled back', { timeout: 1_800_000 }, async () => {
  const [present, next] = releases;
  if (!present || !next) expect.fail('no releases');
  installation = await startOnCompose(present);
  await checkUpgradeAndRollback('compose', installation, present, next);
});
