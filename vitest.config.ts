import { availableParallelism } from 'node:os';
import { configDefaults, defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Where .ci/run wants the results as JSON. */
const report = process.env['TEST_REPORT'];

/** The rings that have a command of their own: each takes minutes, or needs programs that a newcomer lacks. */
const rings = ['end-to-end', 'packaging', 'faults', 'cluster', 'versions', 'upgrade', 'compose', 'kubernetes'];

/**
 * Tests that start no Temporal server and no built program. Their files share processes, which saves a third of the
 * processor time.
 */
const units = [
  'activities',
  'api',
  'bench',
  'codec-endpoint',
  'config',
  'control',
  'demo',
  'domain',
  'examples',
  'gateways',
  'http',
  'log',
  'playbook',
  'process',
  'rules',
  'secrets',
  'standalone',
].map((folder) => `test/${folder}/**/*.test.ts`);

/** Where tests wait longest, for whole processes and for retries: they begin first, so that the short ones run beside them. */
const longWaits = [
  'end-to-end/schemathesis/',
  'packaging/documentation/commands',
  'packaging/readme',
  'end-to-end/erasure',
  'worker/wrong-key',
  'end-to-end/',
  'cli/',
  'worker/',
  'workflows/',
  'api/attacks/',
];

class LongWaitsFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const place = longWaits.findIndex((part) => moduleId.includes(`/test/${part}`));
      return place === -1 ? longWaits.length : place;
    };
    return (await super.sort(files)).sort((one, other) => rank(one) - rank(other));
  }
}

/** Long, since machines of CI are slow at times. */
const timeouts = { testTimeout: 120_000, hookTimeout: 120_000 };

/** For tests that need the built product or the Temporal server of the suite. */
const withSuite = { ...timeouts, globalSetup: ['test/helpers/global-setup.ts'] };

/** The tests, in rings. `npm test` runs `units` and `product`; CONTRIBUTING.md says what runs the others. */
export default defineConfig({
  test: {
    pool: 'forks',
    reporters: report ? ['default', 'json'] : ['default'],
    ...(report ? { outputFile: { json: report } } : {}),
    // Tests mostly wait for other processes, so two cores run four files at once.
    maxWorkers: Math.max(4, availableParallelism()),
    sequence: { sequencer: LongWaitsFirst },
    projects: [
      {
        test: {
          name: 'units',
          include: units,
          isolate: false,
          ...timeouts,
        },
      },
      {
        test: {
          name: 'product',
          include: ['test/**/*.test.ts'],
          exclude: [...configDefaults.exclude, ...units, ...rings.map((ring) => `test/${ring}/**`)],
          ...withSuite,
        },
      },
      {
        test: {
          name: 'end-to-end',
          include: ['test/end-to-end/**/*.test.ts'],
          ...withSuite,
        },
      },
      {
        test: {
          name: 'packaging',
          include: ['test/packaging/**/*.test.ts'],
          ...withSuite,
        },
      },
      {
        test: {
          name: 'faults',
          include: ['test/faults/**/*.test.ts'],
          ...withSuite,
          fileParallelism: false,
          testTimeout: 180_000,
        },
      },
      {
        test: {
          name: 'cluster',
          include: ['test/cluster/**/*.test.ts'],
          globalSetup: ['test/cluster/global-setup.ts'],
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'versions',
          include: ['test/versions/**/*.test.ts'],
          ...withSuite,
        },
      },
      {
        test: {
          name: 'upgrade',
          include: ['test/upgrade/upgrade.test.ts'],
          globalSetup: ['test/upgrade/global-setup.ts'],
          fileParallelism: false,
          testTimeout: 400_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'upgrade-on-compose',
          include: ['test/upgrade/on-compose.test.ts'],
          globalSetup: ['test/compose/global-setup.ts'],
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'compose',
          include: ['test/compose/**/*.test.ts'],
          globalSetup: ['test/compose/global-setup.ts'],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'kubernetes',
          include: ['test/kubernetes/**/*.test.ts'],
          globalSetup: ['test/kubernetes/global-setup.ts'],
          fileParallelism: false,
          testTimeout: 600_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
});
