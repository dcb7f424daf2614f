import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../kit/eventually.js';
import { read } from '../helpers/project-files.js';
import { testSecret, webhookSecret } from '../kit/secret.js';
import { checkOut } from './checkout.js';
import { docker } from './docker.js';

const image = 'answerback-image-test';
const maxBytes = 350_000_000;
const maxStartMs = 3_000;

const build = async (folder: string, tag: string, ...options: string[]) => {
  await promisify(execFile)('docker', ['build', '--quiet', ...options, '--tag', tag, folder]);
};

/** Runs a shell command in the image. */
const inImage = (command: string) => docker('run', '--rm', '--network', 'none', image, 'sh', '-c', command);

let clone: Awaited<ReturnType<typeof checkOut>>;

beforeAll(async () => {
  clone = await checkOut();
  await build(clone.folder, image, '--build-arg', 'REVISION=a-commit');
}, 1_200_000);

afterAll(async () => {
  await docker('image', 'rm', '--force', image);
  await clone?.remove();
});

/** What `docker image inspect` says of it. */
const inspected = async () =>
  (
    JSON.parse(await docker('image', 'inspect', image)) as [
      { Size: number; Config: { User: string; Labels: Record<string, string> } },
    ]
  )[0];

describe('the image', () => {
  it('takes less than 350 MB, without build tools and development packages', async () => {
    const { Size } = await inspected();
    console.log(`The image takes ${Math.round(Size / 1e6)} MB.`);
    expect(Size).toBeLessThan(maxBytes);
    expect(await inImage('for tool in gcc g++ make python3; do command -v $tool; done; true')).toBe('');
    const { devDependencies } = JSON.parse(read('package.json')) as { devDependencies: Record<string, string> };
    const installed = (await inImage('cd node_modules && ls -d * @*/*')).split('\n');
    // ajv is also a dependency of what is installed.
    const developing = Object.keys(devDependencies).filter((name) => name !== 'ajv' && !name.startsWith('@types/'));
    expect(installed.filter((name) => developing.includes(name))).toEqual([]);
  });

  it('has labels, and a list of its packages', async () => {
    const { version } = JSON.parse(read('package.json')) as { version: string };
    expect((await inspected()).Config.Labels).toMatchObject({
      'org.opencontainers.image.title': 'Answerback',
      'org.opencontainers.image.version': version,
      'org.opencontainers.image.licenses': 'MIT',
      'org.opencontainers.image.revision': 'a-commit',
    });
    const bom = JSON.parse(await inImage('cat bom.json')) as { bomFormat: string; components: { name: string }[] };
    expect(bom.bomFormat).toBe('CycloneDX');
    const listed = bom.components.map(({ name }) => name);
    expect(listed).toEqual(expect.arrayContaining(['koa', 'better-sqlite3', '@temporalio/worker']));
    expect(listed).not.toContain('typescript');
  });

  it('runs as a user without rights, who owns nothing but /data', async () => {
    expect((await inspected()).Config.User).toBe('node');
    expect(await inImage('id -u')).toBe('1000');
    expect(await inImage('find / -xdev -user node -not -path "/proc/*" -not -path "/home/*" 2>/dev/null; true')).toBe(
      '/data',
    );
  });

  it('starts on a read-only file system without capabilities, and stops as PID 1 on a SIGTERM', async () => {
    const options = ['--read-only', '--tmpfs', '/tmp', '--tmpfs', '/data:uid=1000,gid=1000', '--cap-drop', 'ALL'];
    const settings = { ANSWERBACK_SECRET: testSecret, WEBHOOK_SECRET: webhookSecret, TEMPORAL_ADDRESS: '127.0.0.1:1' };
    const env = Object.entries(settings).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
    const container = await docker('run', '--detach', ...options, ...env, image, 'node', 'dist/api/main.js');
    try {
      const ready = () => docker('logs', container).then((log) => log.includes('"api.started"'));
      await eventually(ready, { withinMs: 60_000 });
      console.log(`The api was ready after ${await startTime(container)} ms; the aim is ${maxStartMs} ms.`);
      expect(await docker('exec', container, 'readlink', '/proc/1/exe')).toMatch(/\/node$/);
      await docker('stop', '--time', '20', container);
      expect(await docker('inspect', '--format', '{{.State.ExitCode}}', container)).toBe('0');
    } finally {
      await docker('rm', '--force', container);
    }
  });

  it('is the same when it is built again, but for dates', { timeout: 1_200_000 }, async () => {
    const again = `${image}-again`;
    await build(clone.folder, again, '--no-cache', '--build-arg', 'REVISION=a-commit');
    try {
      const files = (name: string) =>
        docker(
          ...['run', '--rm', '--user', 'root', '--network', 'none', name, 'sh', '-c'],
          'find / -xdev -type f -not -path "/proc/*" -not -path "/sys/*" -not -path "/etc/host*" -not -path /etc/resolv.conf | sort | xargs -d "\\n" sha256sum',
        );
      const [one, other] = [await files(image), await files(again)];
      const before = new Set(one.split('\n'));
      expect(other.split('\n').filter((line) => !before.has(line))).toEqual([]);
      expect(other.split('\n')).toHaveLength(before.size);
    } finally {
      await docker('image', 'rm', '--force', again);
    }
  });
});

/** From the start of the container to the line of its log that says it is ready. */
async function startTime(container: string): Promise<number> {
  const begun = Date.parse(await docker('inspect', '--format', '{{.State.StartedAt}}', container));
  const lines = (await docker('logs', '--timestamps', container)).split('\n');
  const ready = lines.find((line) => line.includes('"api.started"')) ?? '';
  return Date.parse(ready.split(' ')[0] ?? '') - begun;
}
