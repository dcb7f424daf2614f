import { execFileSync, spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadConfig } from '../../../src/config/config.js';
import { modelQueueOf, sendQueueOf, taskQueue } from '../../../src/domain/names.js';
import { gateways } from '../../../src/gateways/registry.js';
import { projectFolder } from '../../kit/program.js';
import { testSecret } from '../../kit/secret.js';
import { type ComposeService, composeText, services, volumes } from '../../helpers/compose-file.js';
import { isThere, read } from '../../helpers/project-files.js';
import { readBy } from '../settings.js';

/** Without this the stack doesn't start. */
const required = { ANSWERBACK_SECRET: testSecret };

/** One gateway, and no other setting. */
const set: Readonly<Record<string, string>> = {
  ...required,
  WEBHOOK_SECRET: 'a-secret-of-this-test',
  SMS_MOBILE_API_KEY: 'a-key-of-this-test',
};

const all = Object.entries(services);
const ours = ['api', 'worker'] as const;

/** A service's environment as it is when only these variables are set. */
function environmentOf(name: (typeof ours)[number]): Record<string, string> {
  const { environment = {} } = services[name] as ComposeService;
  return Object.fromEntries(
    Object.entries(environment).map(([variable, value]) => [variable, interpolate(String(value))]),
  );
}

/** `${NAME:-default}` and `${NAME:?what to do}`, the only two forms in use. */
function interpolate(value: string): string {
  return value.replace(
    /\$\{([A-Z_]+):([-?])([^}]*)\}/g,
    (_, name: string, kind: string, rest: string) => set[name] ?? (kind === '?' ? '' : rest),
  );
}

/** The file of this repository that is mounted at a path in a container. */
function mounted({ volumes: mounts = [] }: ComposeService, inContainer: string): string | undefined {
  const folders = mounts.map((mount) => mount.split(':')).filter(([source]) => source?.startsWith('./'));
  const [source, target] = folders.find(([, folder]) => inContainer.startsWith(`${folder}/`)) ?? [];
  return source === undefined || target === undefined ? undefined : path.join(source, inContainer.slice(target.length));
}

/** The queues with rate limits. */
const limitedQueues = [...gateways.map(({ name }) => sendQueueOf(taskQueue, name)), modelQueueOf(taskQueue)];

describe('docker-compose.yml', () => {
  it('has the parts of a deployment', () => {
    expect(Object.keys(services).sort()).toEqual([
      'api',
      'postgres',
      'temporal',
      'temporal-namespace',
      'temporal-schema',
      'temporal-ui',
      'worker',
    ]);
  });

  it.each(all)('pins the image of %s', (_name, { image }) => {
    expect(image).toMatch(/^[a-z0-9./-]+:\d[\w.-]*$/);
  });

  it('runs the server, its tools and their schema in one version', () => {
    const versions = all
      .map(([, { image }]) => image)
      .filter((image) => /^temporalio\/(server|admin-tools):/.test(image));
    expect(new Set(versions.map((image) => image.split(':')[1])).size).toBe(1);
  });

  it.each(ours)('gives %s only variables that it reads, with values it takes', (name) => {
    const environment = environmentOf(name);
    expect(readBy[name]).toEqual(expect.arrayContaining(Object.keys(environment)));
    expect(() => loadConfig(environment)).not.toThrow();
  });

  it('passes on to the worker everything that .env may set for it', () => {
    const settable = readBy.worker.filter(
      (name) => !name.startsWith('TEMPORAL_') && !['GATEWAY', 'GATEWAY_PORT'].includes(name),
    );
    expect(Object.keys(services['worker']?.environment ?? {})).toEqual(expect.arrayContaining(settable));
  });

  it.each(ours)('lets %s be measured within the network of the containers only', (name) => {
    const { METRICS_HOST, METRICS_PORT } = environmentOf(name);
    expect(METRICS_HOST).toBe('0.0.0.0');
    expect(services[name]?.ports?.join() ?? '').not.toContain(METRICS_PORT);
    expect(services[name]?.healthcheck?.test.join(' ')).toContain(
      name === 'api' ? 'http://127.0.0.1:8000/readyz' : `http://127.0.0.1:${METRICS_PORT}/healthz`,
    );
  });

  it('accepts a real gateway, and sends nothing until auto-reply is on', () => {
    const { gateways, autoReply } = loadConfig(environmentOf('worker'));
    expect(gateways.smsmobileapi).toMatchObject({ simulated: false, url: 'https://api.smsmobileapi.com' });
    expect(autoReply.enabled).toBe(false);
  });

  it('asks for exactly the variables that have no default', () => {
    const asked = new Set([...composeText.matchAll(/\$\{([A-Z_]+):\?/g)].map(([, name]) => name));
    expect([...asked].sort()).toEqual(Object.keys(required).sort());
  });

  it.each(ours)('starts %s by a file that the build makes', (name) => {
    const [program, file = '', ...rest] = services[name]?.command ?? [];
    expect([program, ...rest]).toEqual(['node']);
    expect(file).toMatch(/^dist\/.+\.js$/);
    expect(isThere(file.replace(/^dist\/(.+)\.js$/, 'src/$1.ts'))).toBe(true);
  });

  it('runs scripts that are there and that a shell can read', () => {
    const scripts = all.flatMap(([, service]) =>
      service.entrypoint ? [mounted(service, service.entrypoint.at(-1) ?? '')] : [],
    );
    expect(scripts).toHaveLength(2);
    for (const script of scripts) execFileSync('sh', ['-n', path.join(projectFolder, script ?? 'not mounted')]);
  });

  it('gives the Temporal server its dynamic configuration, without which it does not start', () => {
    const { temporal } = services;
    const file = mounted(temporal as ComposeService, String(temporal?.environment?.['DYNAMIC_CONFIG_FILE_PATH']));
    const values = parse(read(file ?? 'not mounted')) as Record<
      string,
      Array<{ value: unknown; constraints?: { taskQueueName: string } }>
    >;
    for (const entries of Object.values(values)) {
      const queues = entries.map(
        ({ value, constraints, ...rest }) => (
          expect([value, rest]).toEqual([expect.anything(), {}]),
          constraints?.taskQueueName
        ),
      );
      expect([[undefined], limitedQueues]).toContainEqual(queues);
    }
  });

  it('keeps data in declared volumes, and declares no unused one', () => {
    const sources = all.flatMap(([, service]) => service.volumes ?? []).map((mount) => mount.split(':')[0] as string);
    const named = sources.filter((source) => !source.startsWith('./'));
    expect(Object.keys(volumes).sort()).toEqual([...new Set(named)].sort());
    for (const folder of sources.filter((source) => source.startsWith('./'))) expect(isThere(folder)).toBe(true);
  });

  it('gets a value for each variable that it requires in the settings of docs/deploying.md', () => {
    const required = [...composeText.matchAll(/\$\{([A-Z_]+):\?/g)].map(([, name]) => name);
    expect(required).not.toEqual([]);
    for (const name of required) expect(read('docs/deploying.md')).toMatch(new RegExp(`^       ${name}=`, 'm'));
  });

  it('names the image of the version in package.json', () => {
    const { version } = JSON.parse(read('package.json')) as { version: string };
    for (const name of ours) expect(services[name]?.image).toBe(`answerback:${version}`);
  });

  it('waits only for states that the services can reach', () => {
    for (const [name, { depends_on: dependencies = {} }] of all) {
      for (const [dependency, { condition }] of Object.entries(dependencies)) {
        const service = services[dependency];
        expect(service, `${name} waits for ${dependency}`).toBeDefined();
        if (condition === 'service_healthy') expect(service?.healthcheck, `${dependency} can be healthy`).toBeDefined();
        else expect(service?.restart, `${dependency} ends`).toBeUndefined();
      }
    }
  });

  it('publishes ports on this machine only', () => {
    const ports = all.flatMap(([, service]) => service.ports ?? []);
    expect(ports).not.toHaveLength(0);
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
    expect(services['api']?.ports?.map(interpolate)).toEqual(['127.0.0.1:8000:8000']);
  });

  it('restarts what ends, and leaves time for an orderly stop', () => {
    const lasting = all.filter(([, { entrypoint }]) => entrypoint === undefined);
    for (const [name, { restart }] of lasting) expect(restart, name).toBe('unless-stopped');
    for (const name of ours) expect(services[name]?.stop_grace_period).toBe('20s');
  });

  it.each(ours)('gives %s no rights, and only /tmp and its volume to write to', (name) => {
    expect(services[name]).toMatchObject({
      read_only: true,
      tmpfs: name === 'worker' ? ['/tmp', '/data:uid=1000,gid=1000,mode=700'] : ['/tmp'],
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
    });
  });

  it('is valid for docker compose', (context) => {
    const compose = ['docker compose', 'docker-compose'].find(
      (name) => spawnSync(`${name} version`, { shell: true }).status === 0,
    );
    if (compose === undefined) return context.skip('docker compose is not installed here');
    const { status, stderr } = spawnSync(`${compose} config --quiet`, {
      shell: true,
      cwd: projectFolder,
      env: { ...process.env, ...required },
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });
});
