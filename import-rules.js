/**
 * Who may import whom, one entry for each folder of src, from the bottom up: a folder imports only from folders above
 * it in this list. eslint.config.js enforces it, and CONTRIBUTING.md has it as a table; a test compares the two.
 *
 * `folders` and `packages`: what the folder may import; `types`: of these only the types. `node`: modules of Node.
 * A test checks every import against it, `import()` too, which the linter doesn't see. It also checks the lists below.
 */
export const importRules = {
  domain: { packages: ['libphonenumber-js'] },
  variables: { packages: ['zod'] },
  log: { packages: ['pino', 'pino-pretty'] },
  secrets: { node: true },
  process: { folders: ['domain', 'log'], packages: ['better-sqlite3', 'cli-progress', 'zod'], node: true },
  http: { folders: ['secrets', 'process'], types: ['log'], packages: ['ipaddr.js', 'koa', 'zod'], node: true },
  yaml: { packages: ['yaml', 'zod'] },
  rules: { folders: ['yaml'], packages: ['eld', 'zod'], node: true },
  playbook: {
    folders: ['log', 'yaml', 'rules'],
    types: ['domain'],
    packages: ['sms-segments-calculator', 'zod'],
    node: true,
  },
  gateways: { folders: ['domain', 'variables', 'secrets', 'http'], packages: ['zod'], node: true },
  config: {
    folders: ['domain', 'variables', 'secrets', 'process', 'gateways'],
    packages: ['@temporalio/envconfig', 'libphonenumber-js', 'zod'],
  },
  inbox: { folders: ['domain', 'secrets', 'process'], types: ['log'], packages: ['better-sqlite3'], node: true },
  activities: {
    folders: ['domain', 'log', 'rules', 'gateways', 'http'],
    types: ['playbook'],
    packages: ['@temporalio/activity', '@temporalio/common', 'openai', 'standardwebhooks', 'zod'],
    node: true,
  },
  workflows: { folders: ['domain'], types: ['activities'], packages: ['@temporalio/workflow'] },
  temporal: {
    folders: ['domain', 'secrets', 'process'],
    types: ['log', 'activities', 'workflows'],
    packages: [
      '@temporalio/client',
      '@temporalio/common',
      '@temporalio/envconfig',
      '@temporalio/proto',
      '@temporalio/testing',
      '@temporalio/worker',
      'better-sqlite3',
      'lru-cache',
    ],
    node: true,
  },
  control: { folders: ['process', 'http'], types: ['log'], packages: ['zod'], node: true },
  'codec-endpoint': {
    folders: ['secrets', 'http'],
    types: ['log'],
    packages: ['@temporalio/common', '@temporalio/proto', 'koa', 'zod'],
    node: true,
  },
  metrics: {
    folders: ['domain', 'process', 'http', 'gateways', 'activities'],
    types: ['log', 'inbox', 'workflows', 'temporal'],
    packages: ['koa', 'prom-client'],
  },
  api: {
    folders: ['domain', 'log', 'process', 'http', 'gateways'],
    packages: ['@koa/router', 'koa', 'zod'],
    node: true,
  },
  demo: {
    folders: ['domain', 'http', 'gateways', 'config'],
    types: ['log', 'temporal'],
    packages: ['koa', 'zod'],
    node: true,
  },
  worker: {
    folders: ['domain', 'process', 'yaml', 'playbook'],
    types: ['log', 'config', 'activities', 'workflows'],
    packages: ['@temporalio/common', '@temporalio/worker'],
    node: true,
  },
  standalone: { folders: ['gateways', 'config'], types: ['log'] },
  cli: {
    folders: [
      'domain',
      'variables',
      'log',
      'secrets',
      'process',
      'http',
      'playbook',
      'gateways',
      'config',
      'activities',
      'temporal',
      'control',
      'demo',
    ],
    packages: ['@temporalio/client', 'commander', 'csv-parse', 'csv-stringify', 'fastest-levenshtein', 'zod'],
    node: true,
  },
};

/** Files that put parts together. They may import every folder above their own, and every package. */
export const composition = [
  'src/*/main.ts',
  'src/**/start.ts',
  'src/worker/bundle.ts',
  'src/worker/create-senders.ts',
  'src/worker/queues/*.ts',
];

/** The files that use the environment, each with the reason. All others get what they need as arguments. */
export const environmentUsers = {
  'src/process/run-main.ts': 'reads the variables for every process and command, with those of `.env`',
  'src/cli/main.ts': 'sets `LOG_FORMAT` for `answerback start --json`',
  'src/temporal/runtime.ts': "sets a variable that Temporal's SDK reads only from the environment",
  'src/temporal/dev-server/program.ts': 'hands the environment on to `go install`',
};
