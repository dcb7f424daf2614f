import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contact as names } from '../../../src/domain/names.js';
import { createSenderKey } from '../../../src/temporal/sender-key.js';
import { services } from '../../helpers/compose-file.js';
import { commandsIn } from '../../helpers/documented-commands.js';
import { type DocumentedStack, startDocumentedStack } from './documented-stack.js';
import { eventually } from '../../kit/eventually.js';
import { freePort } from '../../kit/ports.js';
import { testSecret } from '../../kit/secret.js';
import { misspelt } from './kubectl.js';
import { documents, isThere, read } from '../../helpers/project-files.js';

/** The README has a test of its own, which runs all its commands. */
const ofReadme = commandsIn('README.md').flatMap((command) => command.split(' && '));
const all = documents
  .filter((page) => page !== 'README.md')
  .flatMap((page) => commandsIn(page).map((command) => [page, command] as const));

/** Run by another test or script, which has these words. */
const elsewhere: Record<string, { in: string; words: string }> = {
  'npm ci --ignore-scripts': { in: 'Dockerfile', words: 'npm ci --ignore-scripts && npm rebuild better-sqlite3' },
  'npm ci': { in: '.ci/run', words: 'npm ci' },
  'npm audit': { in: '.ci/run', words: 'npm audit --omit=dev --audit-level=high' },
  'npm run sbom': { in: 'test/packaging/supply-chain.test.ts', words: "'sbom', '--sbom-format', 'cyclonedx'" },
  'export TEMPORAL_CODEC_ENDPOINT': { in: 'test/end-to-end/sealed.test.ts', words: 'TEMPORAL_CODEC_ENDPOINT' },
  // Not run by a test, because they take minutes each. Their last figures are in the page.
  'npm run bench:ack': { in: 'docs/performance.md', words: '<!-- bench:ack -->' },
  'npm run bench:e2e': { in: 'docs/performance.md', words: '<!-- bench:e2e -->' },
  'mkdir -m 700 NEW': { in: 'test/end-to-end/restore/documented-restore.ts', words: 'mkdir -m 700 NEW' },
  'cp FOLDER/': { in: 'test/end-to-end/restore/documented-restore.ts', words: 'cp FOLDER/' },
  'npm run soak': { in: '.ci/run', words: 'npm run soak' },
  'npm run bench:backlog': { in: 'docs/performance.md', words: '<!-- bench:backlog -->' },
  'npm run bench:slow-disk': { in: 'docs/performance.md', words: '<!-- bench:slow-disk -->' },
  'npm run bench:sizing': { in: 'docs/performance.md', words: '<!-- bench:sizing -->' },
  'npm run bench:contacts': { in: 'docs/performance.md', words: '<!-- bench:contacts -->' },
};

const parkedAsFailed = `temporal workflow count --query 'ReplyState="failed" AND ExecutionStatus="Running"'`;

/** What needs a cluster, a daemon or a program that may be missing: what it names is checked instead of running it. */
const checked: Record<string, (command: string) => void> = {
  'tctl ': (command) =>
    expect(command).toMatch(
      /^tctl (--codec_endpoint \S+ --codec_auth ".+" )?(workflow (listall|count|query|show|signal|reset|terminate)|batch start) --/,
    ),
  'docker compose up': (command) => {
    const flags = command
      .replace(/ --scale (\S+)=\d+/, (_, service: string) => (expect(Object.keys(services)).toContain(service), ''))
      .split(' ')
      .slice(3);
    expect(['--detach', '--build']).toEqual(expect.arrayContaining(flags));
  },
  'docker build': (command) => expect(command.endsWith(' .') && isThere('Dockerfile')).toBe(true),
  'docker push': (command) => expect(command.split(' ').at(-1)).toMatch(`/${services['api']?.image}`),
  'kubectl ': (command) => {
    expect(misspelt(command)).toBe(undefined);
  },
};

describe('every command of the docs, but for the benchmarks,', () => {
  let stack: DocumentedStack;
  const answersWith = (words: string | RegExp) => async (command: string) =>
    expect(await stack.succeeds(command)).toMatch(words);
  const onParked = (words: string | RegExp) => async (command: string) =>
    expect(await stack.succeeds(command.replace('GUID', await stack.parked()))).toMatch(words);
  const inAnotherNamespace = (command: string) =>
    eventually(() => stack.succeeds(command.replace('--namespace default', '--namespace documented')), {
      withinMs: 30_000,
    });

  /** Starts a part beside the product, on ports of its own, and stops it as Ctrl-C does. */
  const startsUntilStopped = (words: string) => async (command: string) => {
    const program = await stack.starts(command, words, stack.temporal);
    process.kill(-(program.child.pid as number), 'SIGINT');
    expect(await program.exitCode, program.output()).toBe(0);
  };

  async function startsCodec(command: string) {
    const env = {
      PAYLOAD_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64')}`,
      CODEC_TOKEN: 'a-token-of-this-test',
      CODEC_PORT: String(await freePort()),
    };
    await stack.starts(command, 'The codec endpoint is ready', env);
    return env;
  }

  /** Runs the command, and waits until the gateway has been given one reply more. */
  function sendsOne(run: (command: string) => Promise<unknown>) {
    return async (command: string) => {
      const before = await stack.sent();
      await run(command);
      await eventually(async () => (await stack.sent()) === before + 1);
    };
  }

  async function erases(command: string) {
    const number = '+15550007777';
    await stack.parked(number);
    expect(await stack.succeeds(command, { input: `${number}\n` })).toMatch(/Erased: 1 run\(s\)/);
  }

  /** The commands of answerback, wherever they are run. */
  const ofAnswerback: Record<string, (command: string) => Promise<unknown>> = {
    erase: erases,
    'quarantine list': (command) => stack.succeeds(command),
    'runs --state failed': (command) => stack.succeeds(command),
    'runs --csv --since 2026-11-01': answersWith(/^time,guid,line,number,/),
    'runs --csv --since 7d': async (command) => {
      await stack.succeeds(command);
      expect(await stack.succeeds('cat agreed.csv')).toMatch(/^time,guid,line,number,/);
    },
    playbook: (command) => stack.succeeds(command),
    'quarantine requeue --all': (command) => stack.succeeds(command),
    show: onParked('failed'),
    'retry --all': (command) => stack.succeeds(command),
    'retry GUID': sendsOne((command) => onParked('sent')(command)),
    drain: async (command) => {
      expect(await stack.succeeds(command)).toContain('Drained: ');
      await stack.succeeds(command.replace('drain', 'drain --undo'));
    },
    'retry-stuck': answersWith('No message is stuck'),
    doctor: answersWith('webhook'),
    'contact list': (command) => stack.succeeds(command),
    'contact show': answersWith(/remembered|State/),
    'contact pause --all': async (command) => {
      expect(await stack.succeeds(command)).toContain('Paused until');
      // Other commands send replies.
      await stack.succeeds('npx answerback contact resume --all');
    },
    'contact pause': answersWith('Paused until'),
    'contact resume --all': answersWith('utomatic replies'),
    'contact resume': answersWith(/Resumed|was not paused/),
    'contact opt-out': answersWith(/pted out/),
    'contact opt-in': answersWith(/Opted in|Nothing was remembered/),
    'contact export contacts.csv': async (command) => {
      const number = '+12125550188';
      await stack.succeeds(`npx answerback contact opt-out ${number}`);
      await eventually(async () => (await stack.succeeds('npx answerback contact export')).includes(number), {
        withinMs: 60_000,
      });
      expect(await stack.succeeds(command)).toMatch(/Exported to contacts.csv: [1-9]/);
    },
    backup: answersWith(/Saved to .*inbox.sqlite/),
    'contact rekey': answersWith('Moved to the first secret: 0.'),
    'contact import contacts.csv --dry-run': answersWith(/To import: [1-9]/),
    'contact import contacts.csv': answersWith(/opted out already: [1-9]/),
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
      await eventually(async () =>
        (await stack.succeeds(`temporal workflow describe --workflow-id ${guid} --output json`)).includes(
          'STATUS_COMPLETED',
        ),
      );
      expect(await stack.sent()).toBe(before);
    },
    'temporal workflow signal --workflow-id GUID --name retryReply': sendsOne((command) => onParked('')(command)),
    'temporal workflow signal --query': async (command) => {
      // What other commands left parked goes first.
      await stack.succeeds(command);
      await eventually(async () => (await stack.succeeds(parkedAsFailed)).includes('Total: 0'));
      await stack.parked();
      await sendsOne((signal) => stack.succeeds(signal))(command);
    },
    'temporal workflow reset': onParked('Resetting workflow'),
    'temporal workflow terminate --workflow-id contact-HASH': async (command) => {
      const number = '+12125550199';
      await stack.succeeds(`npx answerback contact opt-out ${number}`);
      const id = names.workflowIdOf(createSenderKey(testSecret)(number));
      await stack.succeeds(command.replace('contact-HASH', id));
      expect(await stack.succeeds(`npx answerback contact show ${number}`)).toContain('Nothing is remembered');
    },
    'temporal workflow terminate --workflow-id contact-everyone': async (command) => {
      await stack.succeeds('npx answerback contact pause --all');
      await stack.succeeds(command);
      expect(await stack.succeeds('npx answerback contact resume --all')).toContain('were not paused');
    },
    'temporal workflow terminate': async (command) => {
      const guid = await stack.parked();
      await stack.succeeds(command.replace('GUID', guid));
      expect(await stack.succeeds(`temporal workflow describe --workflow-id ${guid} --output json`)).toContain(
        'STATUS_TERMINATED',
      );
    },
    'temporal workflow delete --workflow-id answerback-installation': async (command) => {
      await stack.succeeds('temporal workflow describe --workflow-id answerback-installation');
      await stack.succeeds(command);
    },
    'temporal operator namespace create': inAnotherNamespace,
    'temporal operator search-attribute create': inAnotherNamespace,
    'temporal operator namespace update': inAnotherNamespace,
    'cp playbooks/default.yaml playbook.yaml': (command) => stack.succeeds(command),
    'PLAYBOOK=examples/survey/playbook.yaml npm start': (command) =>
      stack.starts(command, 'The playbook is examples/survey/playbook.yaml'),
    'npm run erase': erases,
    'npm run start:codec': startsCodec,
    'npm run start:api': startsUntilStopped('The api is ready'),
    'npm run start:worker': startsUntilStopped('The worker is ready'),
    'npm run start:gateway': startsUntilStopped('The simulated gateway is ready'),
  };

  beforeAll(async () => void (stack = await startDocumentedStack()), 120_000);
  afterAll(() => stack.stop(), 60_000);

  it.each(all)('%s: %s', { timeout: 240_000 }, async (_page, command) => {
    const beginning = <Way>(ways: Record<string, Way>) =>
      Object.entries(ways).find(([start]) => command.startsWith(start))?.[1];
    // In a container or a pod: the pod is checked, and what runs in it is run here.
    const [, outside = '', inside = command] =
      /^(docker compose exec \S+|kubectl exec .+? --) (node .+)$/.exec(command) ?? [];
    if (outside.startsWith('kubectl')) expect(misspelt(command)).toBe(undefined);
    if (outside.startsWith('docker')) expect(Object.keys(services)).toContain(outside.split(' ').at(-1));
    const [, asked] = /^(?:npx answerback|node dist\/cli\/main\.js) (.+)$/.exec(inside) ?? [];
    if (asked !== undefined) {
      const [, way] =
        Object.entries(ofAnswerback).find(([start]) => asked.startsWith(start)) ??
        expect.fail(`nothing shows that it works: ${command}`);
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
