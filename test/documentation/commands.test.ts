import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { commandsIn } from '../helpers/documented-commands.js';
import { type DocumentedStack, startDocumentedStack } from '../helpers/documented-stack.js';
import { eventually } from '../helpers/eventually.js';
import { freePort } from '../helpers/free-port.js';
import { misspelt } from '../helpers/kubectl.js';
import { documents, isThere, read } from '../helpers/project-files.js';

/** The README's own test runs every command of it. */
const ofReadme = commandsIn('README.md').flatMap((command) => command.split(' && '));
const all = documents.filter((page) => page !== 'README.md').flatMap((page) => commandsIn(page).map((command) => [page, command] as const));

/** Shown by another test or script, which has these words. */
const elsewhere: Record<string, { in: string; words: string }> = {
  'npm ci --ignore-scripts && npm rebuild better-sqlite3': { in: 'Dockerfile', words: 'npm ci --ignore-scripts && npm rebuild better-sqlite3' },
  'npm ci': { in: '.ci/run', words: 'npm ci' },
  'npm audit': { in: '.ci/run', words: 'npm audit --omit=dev --audit-level=high' },
  'npm run sbom': { in: 'test/supply-chain.test.ts', words: "'sbom', '--sbom-format', 'cyclonedx'" },
  'export TEMPORAL_CODEC_ENDPOINT': { in: 'test/end-to-end/sealed.test.ts', words: 'TEMPORAL_CODEC_ENDPOINT' },
  // Run by nobody but who measures: minutes each. What they last gave stands in the page.
  'npm run bench:ack': { in: 'docs/performance.md', words: '<!-- bench:ack -->' },
  'npm run bench:e2e': { in: 'docs/performance.md', words: '<!-- bench:e2e -->' },
  'npm run soak': { in: '.ci/run', words: 'npm run soak' },
  'npm run bench:sizing': { in: 'docs/performance.md', words: '<!-- bench:sizing -->' },
};

const services = () => Object.keys((parse(read('docker-compose.yml'), { merge: true }) as { services: object }).services);

/** What cannot be run without a cluster, a daemon or a program that is not to be had: what it names is checked instead. */
const checked: Record<string, (command: string) => void> = {
  'tctl ': (command) => expect(command).toMatch(/^tctl (--codec_endpoint \S+ --codec_auth ".+" )?(workflow (listall|count|query|show|signal|reset|terminate)|batch start) --/),
  'docker compose up': (command) => {
    const flags = command.replace(/ --scale (\S+)=\d+/, (_, service: string) => (expect(services()).toContain(service), '')).split(' ').slice(3);
    expect(['--detach', '--build']).toEqual(expect.arrayContaining(flags));
  },
  'docker build': (command) => expect(command.endsWith(' .') && isThere('Dockerfile')).toBe(true),
  'docker push': (command) => expect(command.split(' ').at(-1)).toMatch(/\/answerback:0\.1\.0$/),
  'kubectl ': (command) => {
    expect(misspelt(command)).toBe(undefined);
  },
};

describe('every command of the docs, but for the benchmarks,', () => {
  let stack: DocumentedStack;

  const answersWith = (words: string | RegExp) => async (command: string) => expect(await stack.succeeds(command)).toMatch(words);
  const onParked = (words: string | RegExp) => async (command: string) => expect(await stack.succeeds(command.replace('GUID', await stack.parked()))).toMatch(words);
  const inAnotherNamespace = (command: string) => eventually(() => stack.succeeds(command.replace('--namespace default', '--namespace documented')), { withinMs: 30_000 });

  async function startsCodec(command: string) {
    const env = { PAYLOAD_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64')}`, CODEC_TOKEN: 'a-token-of-this-test', CODEC_PORT: String(await freePort()) };
    await stack.starts(command, 'The codec endpoint is ready', env);
    return env;
  }

  /** The commands of answerback, wherever they are run. */
  const ofAnswerback: Record<string, (command: string) => Promise<unknown>> = {
    erase: async (command) => {
      const number = '+15550007777';
      await stack.parked(number);
      expect(await stack.succeeds(command, { input: `${number}\n` })).toMatch(/Erased: 1 run\(s\)/);
    },
    'quarantine list': (command) => stack.succeeds(command),
    'runs --state failed': (command) => stack.succeeds(command),
    playbook: (command) => stack.succeeds(command),
    drain: (command) => stack.succeeds(command),
    doctor: answersWith('webhook'),
  };

  /** Each by its beginning; the first that fits. */
  const run: Record<string, (command: string) => Promise<unknown>> = {
    'temporal workflow list --query': (command) => stack.succeeds(command),
    'temporal workflow count --query': answersWith(/Total: \d+/),
    'temporal workflow query --workflow-id GUID --type status': onParked('parked'),
    'temporal workflow show --workflow-id GUID --codec-endpoint': async (command) => {
      const { CODEC_PORT, CODEC_TOKEN } = await startsCodec('node dist/codec-endpoint/main.js');
      const here = command.replace('GUID', await stack.parked()).replace(':8234', `:${CODEC_PORT}`);
      expect(await stack.succeeds(here, { env: { CODEC_TOKEN } })).toContain('WorkflowExecutionStarted');
    },
    'temporal workflow show --workflow-id GUID': onParked('WorkflowExecutionStarted'),
    'temporal workflow update execute --workflow-id GUID --name retryReplyNow': onParked('sent'),
    'temporal batch list': (command) => stack.succeeds(command),
    'temporal task-queue describe': answersWith('Pollers'),
    'curl -s http://localhost:9464/metrics': answersWith('answerback_inbox_depth'),
    'temporal workflow signal --workflow-id GUID --name markReplySent': async (command) => {
      const guid = await stack.parked();
      const before = await stack.sent();
      await stack.succeeds(command.replace('GUID', guid));
      await eventually(async () => (await stack.succeeds(`temporal workflow describe --workflow-id ${guid} --output json`)).includes('STATUS_COMPLETED'));
      expect(await stack.sent()).toBe(before);
    },
    'temporal workflow reset': onParked('Resetting workflow'),
    'temporal workflow terminate': async (command) => {
      const guid = await stack.parked();
      await stack.succeeds(command.replace('GUID', guid));
      expect(await stack.succeeds(`temporal workflow describe --workflow-id ${guid} --output json`)).toContain('STATUS_TERMINATED');
    },
    'temporal operator namespace create': inAnotherNamespace,
    'temporal operator search-attribute create': inAnotherNamespace,
    'cp playbooks/default.yaml playbook.yaml': (command) => stack.succeeds(command),
    'PLAYBOOK=examples/survey/playbook.yaml npm start': (command) => stack.starts(command, 'The playbook is examples/survey/playbook.yaml'),
    'npm run start:codec': startsCodec,
  };

  beforeAll(async () => void (stack = await startDocumentedStack()), 120_000);
  afterAll(() => stack.stop(), 60_000);

  it.each(all)('%s: %s', { timeout: 240_000 }, async (_page, command) => {
    const beginning = <Way>(ways: Record<string, Way>) => Object.entries(ways).find(([start]) => command.startsWith(start))?.[1];
    // In a container or a pod: the pod is checked, and what runs in it is run here.
    const [, outside = '', inside = command] = /^(docker compose exec \S+|kubectl exec .+? --) (node .+)$/.exec(command) ?? [];
    if (outside.startsWith('kubectl')) expect(misspelt(command)).toBe(undefined);
    if (outside.startsWith('docker')) expect(services()).toContain(outside.split(' ').at(-1));
    const [, asked] = /^(?:npx answerback|node dist\/cli\/main\.js) (.+)$/.exec(inside) ?? [];
    if (asked !== undefined) {
      const [, way] = Object.entries(ofAnswerback).find(([start]) => asked.startsWith(start)) ?? expect.fail(`nothing shows that it works: ${command}`);
      await way(inside);
      return;
    }
    const other = beginning(elsewhere);
    if (ofReadme.includes(command)) return;
    if (other) return expect(read(other.in)).toContain(other.words);
    const check = beginning(checked);
    if (check) return check(command);
    await (beginning(run) ?? expect.fail(`nothing shows that it works: ${command}`))(command);
  });
});
