import { defineConfig } from 'vitest/config';

/** Where .ci/run wants the results as JSON. */
const report = process.env['TEST_REPORT'];

/** Several processes of each kind against a Temporal cluster on Postgres: `npm run test:cluster`. */
export default defineConfig({
  test: {
    include: ['test-cluster/**/*.test.ts'],
    globalSetup: ['test-cluster/global-setup.ts'],
    pool: 'forks',
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 120_000,
    reporters: report ? ['default', 'json'] : ['default'],
    ...(report ? { outputFile: { json: report } } : {}),
  },
});
