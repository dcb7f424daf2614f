import { defineConfig } from 'vitest/config';

/** Where .ci/run wants the results as JSON. */
const report = process.env['TEST_REPORT'];

/** The long tests of what happens when things break: `npm run test:faults`. */
export default defineConfig({
  test: {
    include: ['test-faults/**/*.test.ts'],
    globalSetup: ['test/helpers/global-setup.ts'],
    pool: 'forks',
    fileParallelism: false,
    maxConcurrency: 3,
    testTimeout: 180_000,
    hookTimeout: 60_000,
    reporters: report ? ['default', 'json'] : ['default'],
    ...(report ? { outputFile: { json: report } } : {}),
  },
});
