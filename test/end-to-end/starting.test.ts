import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dataFolder, leftOverServer } from '../kit/data-folder.js';
import { freePorts, type ProductPorts } from '../kit/ports.js';
import { startProgram } from '../kit/program.js';
import { testSecret } from '../kit/secret.js';
import { start } from './standalone.js';

/** Nothing a user sees may look like a crash. */
const stackTrace = /^\s+at |node:internal/m;

describe('a start that is not possible', () => {
  let data: Awaited<ReturnType<typeof dataFolder>>;
  let env: ProductPorts & { DATA_DIR: string };

  beforeEach(async () => {
    data = await dataFolder();
    env = { ...(await freePorts()), DATA_DIR: data.path };
  });
  afterEach(() => data.remove());

  it('names every wrong variable at once and exits 2', async () => {
    const { exitCode, output } = start({
      ...env,
      PORT: 'eighty',
      REPLY_MAX_AGE: 'soon',
      HOST: '0.0.0.0',
      LOG_LEVEL: 'loud',
    });
    expect(await exitCode).toBe(2);
    for (const name of ['PORT', 'REPLY_MAX_AGE', 'LOG_LEVEL']) expect(output()).toContain(`  ${name} must`);
    expect(output()).toContain('TELNYX_PUBLIC_KEY must be set when HOST is not a loopback address');
    expect(output()).not.toMatch(stackTrace);
  });

  it('with a real gateway and no secret of the webhook it exits 2 and says how to make one', async () => {
    const { exitCode, output } = start({ ...env, SMS_MOBILE_API_KEY: 'a-key' });
    expect(await exitCode).toBe(2);
    expect(output()).toContain('TELNYX_PUBLIC_KEY must be set');
    expect(output()).toContain('Make a WEBHOOK_SECRET with: openssl rand -hex 24');
    expect(output()).not.toMatch(stackTrace);
    expect(await leftOverServer(data.path)).toBeUndefined();
  });

  it('an api without a secret of the webhook exits 2 too, also with the simulated gateway on loopback', async () => {
    const { exitCode, output } = startProgram(process.execPath, ['dist/api/main.js'], {
      ...env,
      ANSWERBACK_SECRET: testSecret,
    });
    expect(await exitCode).toBe(2);
    expect(output()).toContain('Make a WEBHOOK_SECRET with: openssl rand -hex 24');
  });

  it.each(['PORT', 'TEMPORAL_PORT', 'TEMPORAL_UI_PORT', 'GATEWAY_PORT', 'METRICS_PORT'] as const)(
    'names %s when that port is taken, exits 1 and leaves nothing running',
    async (variable) => {
      const other = createServer();
      await new Promise<void>((resolve) => other.listen(Number(env[variable]), '127.0.0.1', resolve));
      const { exitCode, output } = start(env);
      expect(await exitCode).toBe(1);
      expect(output()).toContain(`Port ${env[variable]} is taken`);
      expect(output()).toMatch(new RegExp(`set ${variable} to`));
      expect(output()).not.toMatch(stackTrace);
      expect(await leftOverServer(data.path)).toBeUndefined();
      await new Promise((resolve) => other.close(resolve));
    },
  );

  it('names line and column of a wrong playbook and exits 2, before it starts anything', async () => {
    const file = path.join(data.path, 'playbook.yaml');
    await writeFile(file, 'otherwise: Other\nlabels:\n  Any:\n    templates: Hi\n');
    const { exitCode, output } = start({ ...env, PLAYBOOK: file });
    expect(await exitCode).toBe(2);
    expect(output()).toContain(
      `Some settings are invalid. Correct them:\n  ${file}:3:3: meaning is missing: expected what the label means`,
    );
    expect(output()).not.toMatch(stackTrace);
    expect(await leftOverServer(data.path)).toBeUndefined();
  });

  it('names a DATA_DIR that cannot be written and exits 1', async () => {
    const file = path.join(data.path, 'a-file');
    await writeFile(file, '');
    const { exitCode, output } = start({ ...env, DATA_DIR: path.join(file, 'data') });
    expect(await exitCode).toBe(1);
    expect(output()).toMatch(/The data folder .* is not writable .*set DATA_DIR/);
    expect(output()).not.toMatch(stackTrace);
  });

  it('says how to help when there is no Temporal binary, no network and no Go, and exits 1', async () => {
    const emptyCache = await mkdtemp(path.join(tmpdir(), 'answerback-cache-'));
    const nowhere = 'http://127.0.0.1:9';
    const { exitCode, output } = start({
      ...env,
      PATH: '/nowhere',
      XDG_CACHE_HOME: emptyCache,
      HTTPS_PROXY: nowhere,
      HTTP_PROXY: nowhere,
      ALL_PROXY: nowhere,
    });
    expect(await exitCode).toBe(1);
    expect(output()).toMatch(/No Temporal server could be found, downloaded or built\. .*PATH.*TEMPORAL_ADDRESS/);
    expect(output()).not.toMatch(stackTrace);
    await rm(emptyCache, { recursive: true });
  });

  it("names the address when TEMPORAL_ADDRESS can't be reached, and exits 1", async () => {
    const { exitCode, output } = start({ ...env, TEMPORAL_ADDRESS: `127.0.0.1:${env.TEMPORAL_PORT}` });
    expect(await exitCode).toBe(1);
    expect(output()).toContain(`No Temporal server responds at 127.0.0.1:${env.TEMPORAL_PORT}`);
    expect(output()).not.toMatch(stackTrace);
  });
});
