import { userInfo } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { isWithoutBrowser, startBrowser } from '../kit/browser.js';
import { eventually } from '../kit/eventually.js';
import { projectFolder } from '../kit/program.js';
import { containerCommands } from './commands.js';
import { docker } from './docker.js';
import { cli, createStack, lasting, type Stack } from './stack.js';

/**
 * Runs docker-compose.yml and the Dockerfile in a fresh clone, on a real engine. Images that this machine lacks are
 * replaced by stand-ins under the vendors' names (see `stand-ins/`): they prove our files, not the vendors' images.
 */
let stack: Stack;

const webUiPicture = 'docs/images/compose-web-ui.png';

const isHealthy = async (service: 'api' | 'worker' | 'temporal') =>
  (await stack.state(service)).Health?.Status === 'healthy';

beforeAll(async () => {
  stack = await createStack();
}, 60_000);

afterAll(async () => {
  await stack?.remove();
}, 120_000);

interface Run {
  workflowId: string;
  state: string;
}

const runs = async () => (JSON.parse(await stack.answerback('worker', 'runs', '--json')) as { runs: Run[] }).runs;
const stateOf = async (guid: string) => (await runs()).find(({ workflowId }) => workflowId === guid)?.state;

it('comes up by itself from a fresh clone, and every service is healthy', { timeout: 1_200_000 }, async () => {
  await stack.compose('up', '--detach', '--build');
  for (const service of ['temporal-schema', 'temporal-namespace'] as const)
    expect(await stack.state(service), service).toMatchObject({ Status: 'exited', ExitCode: 0 });
  await eventually(async () => (await isHealthy('api')) && (await isHealthy('worker')), { withinMs: 300_000 });
  await eventually(async () => (await fetch('http://127.0.0.1:8080/')).status === 200);
});

it('answers a text that is posted from outside, through a gateway on this machine', { timeout: 300_000 }, async () => {
  expect((await stack.post('compose-1', 'Yes, I agree')).status).toBe(200);
  await eventually(() => stack.gateway.sent.count === 1, { withinMs: 120_000 });
  await eventually(async () => (await stateOf('compose-1')) === 'done', { withinMs: 120_000 });
});

it.skipIf(isWithoutBrowser)('shows the run in Web UI', { timeout: 240_000 }, async () => {
  const browser = await startBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.goto('http://127.0.0.1:8080/namespaces/default/workflows', { waitUntil: 'commit' });
    await page.getByText('compose-1').first().waitFor({ timeout: 120_000 });
    if (process.env['TAKE_PICTURES']) await page.screenshot({ path: path.join(projectFolder, webUiPicture) });
  } finally {
    await browser.close();
  }
});

it(
  'keeps what is parked and what is known over a stop, which leaves no reply uncertain',
  { timeout: 600_000 },
  async () => {
    stack.gateway.switches.setMode('refuses');
    await stack.post('compose-parked', 'Yes, I agree', '+12025550124');
    await eventually(async () => (await stateOf('compose-parked')) === 'failed', { withinMs: 120_000 });

    stack.gateway.switches.setMode('works');
    const sentBefore = stack.gateway.sent.count;
    stack.gateway.script([{ delayMs: 2_000, times: 5 }]);
    for (let index = 0; index < 5; index++)
      await stack.post(`compose-stop-${index}`, 'Yes, I agree', `+1202555020${index}`);
    await eventually(() => stack.gateway.sent.count > sentBefore, { withinMs: 120_000 });
    await stack.compose('stop');
    for (const service of lasting) expect((await stack.state(service)).Status, service).toBe('exited');
    for (const service of ['api', 'worker'] as const) expect(await stack.state(service)).toMatchObject({ ExitCode: 0 });

    await stack.compose('up', '--detach');
    await eventually(async () => (await isHealthy('api')) && (await isHealthy('worker')), { withinMs: 300_000 });
    await eventually(() => stack.gateway.sent.count === sentBefore + 5, { withinMs: 120_000 });
    await eventually(async () => (await runs()).every(({ state }) => state !== 'running'), { withinMs: 120_000 });
    expect((await runs()).filter(({ state }) => state === 'uncertain')).toEqual([]);
    expect(await stateOf('compose-parked')).toBe('failed');

    await stack.answerback('worker', 'retry', 'compose-parked');
    expect((await stack.post('compose-1', 'Yes, I agree')).status).toBe(200);
    await stack.answerback('api', 'drain', '--quiet', '1s');
    await stack.answerback('api', 'drain', '--undo');
    expect(stack.gateway.sent.count).toBe(sentBefore + 6);
  },
);

it('runs nothing as root, and writes nowhere but to /data and /tmp', async () => {
  for (const service of lasting) {
    const [, ...processes] = (await docker('top', await stack.container(service), '-eo', 'uid,pid,args')).split('\n');
    expect(processes, service).not.toHaveLength(0);
    expect(
      processes.filter((line) => /^\s*0 /.test(line)),
      service,
    ).toEqual([]);
  }
  const inside = (service: 'api' | 'worker', command: string) =>
    stack.compose('exec', '--no-TTY', service, 'sh', '-c', command);
  for (const service of ['api', 'worker'] as const) {
    expect(await inside(service, 'grep CapEff /proc/1/status')).toMatch(/CapEff:\s+0+$/);
    await inside(service, 'touch /tmp/here && rm /tmp/here');
    await expect(inside(service, 'touch /app/here')).rejects.toThrow('Read-only file system');
  }
  await inside('api', 'touch /data/here && rm /data/here');
});

it('logs JSON, one event a line, with no text and no number', async () => {
  const lines = (await stack.compose('logs', '--no-log-prefix', '--no-color', 'api', 'worker')).split('\n');
  const events = lines.map((line) => (JSON.parse(line) as { event?: string }).event);
  expect(events).toEqual(expect.arrayContaining(['api.started', 'worker.started']));
  expect(lines.join('\n')).not.toMatch(/I agree|2025550123/);
});

it('a second api on the same volume ends, and says why', async () => {
  await expect(stack.compose('run', '--rm', '--no-TTY', '--no-deps', 'api')).rejects.toThrow(
    'Another Answerback runs on /data',
  );
});

it('health is unhealthy while an api is drained and while a worker hangs, and healthy again after it', async () => {
  const becomes = (service: 'api' | 'worker', status: string) =>
    eventually(async () => (await stack.state(service)).Health?.Status === status, { withinMs: 180_000 });
  // The one child of PID 1, which is Docker's init: the commands of the health check are no children of it.
  const signal = (name: string) =>
    stack.compose('exec', '--no-TTY', 'worker', 'sh', '-c', `kill -${name} $(cat /proc/1/task/1/children)`);
  await stack.answerback('api', 'drain', '--quiet', '1s');
  await signal('STOP');
  await Promise.all([becomes('api', 'unhealthy'), becomes('worker', 'unhealthy')]);
  await signal('CONT');
  await stack.answerback('api', 'drain', '--undo');
  await Promise.all([becomes('api', 'healthy'), becomes('worker', 'healthy')]);
}, 480_000);

it('runs every command that the docs name for a container', async () => {
  stack.gateway.switches.setMode('refuses');
  await stack.post('compose-command', 'Yes, I agree', '+12025550126');
  await eventually(async () => (await stateOf('compose-command')) === 'failed', { withinMs: 120_000 });
  stack.gateway.switches.setMode('works');
  const failures: string[] = [];
  for (const { in: service, args, prints } of containerCommands) {
    const words = args.map((word) => (word === 'GUID' ? 'compose-command' : word));
    const printed = await stack.answerback(service, ...words).catch((error: Error) => `failed: ${error.message}`);
    if (!prints.test(printed) || printed.startsWith('failed: ')) failures.push(`${args.join(' ')}: ${printed}`);
  }
  expect(failures).toEqual([]);
  expect(await stack.erase('+12025550126')).toMatch(/erased|deleted/i);
}, 900_000);

it('imports the opt-outs of a backup as docs/backup.md says, whoever copied it', async () => {
  const number = '+12025550127';
  await stack.answerback('worker', 'contact', 'opt-out', number);
  await stack.answerback('api', 'backup', '/data/opt-outs');
  await stack.answerback('worker', 'contact', 'opt-in', number);
  await stack.compose('cp', 'api:/data/opt-outs', 'saved');
  const { uid, gid } = userInfo();
  const inContainer = ['--user', `${uid}:${gid}`, '--volume', `${path.join(stack.folder, 'saved')}:/saved:ro`];
  const importing = ['contact', 'import', '/saved/contacts.csv'];
  await stack.compose('run', '--rm', '--no-TTY', '--no-deps', ...inContainer, 'worker', ...cli, ...importing);
  expect(await stack.answerback('worker', 'contact', 'show', number)).toMatch(/opted out/i);
}, 120_000);
