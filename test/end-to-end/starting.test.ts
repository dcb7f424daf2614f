import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../helpers/eventually.js';
import { aPost } from '../helpers/messages.js';
import { dataFolder, freePorts, leftOverServer, postJson, type Product, type ProductPorts, startProduct, startProgram } from '../helpers/product.js';

/** The process as `npm start` runs it, after the build that the suite has made. */
const start = (env: Record<string, string>) => startProgram(process.execPath, ['dist/main.js'], env);

/** Nothing a user sees may look like a crash. */
const stackTrace = /^\s+at |node:internal/m;

describe('a start that cannot be', () => {
  let data: Awaited<ReturnType<typeof dataFolder>>;
  let env: ProductPorts & { DATA_DIR: string };

  beforeEach(async () => {
    data = await dataFolder();
    env = { ...(await freePorts()), DATA_DIR: data.path };
  });
  afterEach(() => data.remove());

  it('names every wrong variable at once and exits 2', async () => {
    const { exitCode, output } = start({ ...env, PORT: 'eighty', REPLY_MAX_AGE: 'soon', HOST: '0.0.0.0', LOG_LEVEL: 'loud' });
    expect(await exitCode).toBe(2);
    for (const name of ['PORT', 'REPLY_MAX_AGE', 'WEBHOOK_SECRET or WEBHOOK_SIGNING_SECRET', 'LOG_LEVEL']) expect(output()).toContain(`  ${name} must`);
    expect(output()).not.toMatch(stackTrace);
  });

  it.each(['PORT', 'TEMPORAL_PORT', 'TEMPORAL_UI_PORT', 'GATEWAY_PORT', 'METRICS_PORT'] as const)('names %s when that port is taken, exits 1 and leaves nothing running', async (variable) => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(Number(env[variable]), '127.0.0.1', resolve));
    const { exitCode, output } = start(env);
    expect(await exitCode).toBe(1);
    expect(output()).toContain(`Port ${env[variable]} is taken`);
    expect(output()).toMatch(new RegExp(`set ${variable} to`));
    expect(output()).not.toMatch(stackTrace);
    expect(await leftOverServer(data.path)).toBeUndefined();
    await new Promise((resolve) => other.close(resolve));
  });

  it('names line and column of a wrong playbook and exits 2, before it starts anything', async () => {
    const file = path.join(data.path, 'playbook.yaml');
    await writeFile(file, 'otherwise: Other\nlabels:\n  Any:\n    answers: Hi\n');
    const { exitCode, output } = start({ ...env, PLAYBOOK: file });
    expect(await exitCode).toBe(2);
    expect(output()).toContain(`Some settings need a correction:\n  ${file}:3:3: meaning is missing: expected what the label means`);
    expect(output()).not.toMatch(stackTrace);
    expect(await leftOverServer(data.path)).toBeUndefined();
  });

  it('names a DATA_DIR that cannot be written and exits 1', async () => {
    const file = path.join(data.path, 'a-file');
    await writeFile(file, '');
    const { exitCode, output } = start({ ...env, DATA_DIR: path.join(file, 'data') });
    expect(await exitCode).toBe(1);
    expect(output()).toMatch(/The data folder .* cannot be written .*set DATA_DIR/);
    expect(output()).not.toMatch(stackTrace);
  });

  it('says how to help when there is no Temporal binary, no network and no Go, and exits 1', async () => {
    const emptyCache = await mkdtemp(path.join(tmpdir(), 'answerback-cache-'));
    const nowhere = 'http://127.0.0.1:9';
    const { exitCode, output } = start({ ...env, PATH: '/nowhere', XDG_CACHE_HOME: emptyCache, HTTPS_PROXY: nowhere, HTTP_PROXY: nowhere, ALL_PROXY: nowhere });
    expect(await exitCode).toBe(1);
    expect(output()).toMatch(/No Temporal server could be found, downloaded or built\. .*PATH.*TEMPORAL_ADDRESS/);
    expect(output()).not.toMatch(stackTrace);
    await rm(emptyCache, { recursive: true });
  });

  it('names the address when TEMPORAL_ADDRESS answers nothing, and exits 1', async () => {
    const { exitCode, output } = start({ ...env, TEMPORAL_ADDRESS: `127.0.0.1:${env.TEMPORAL_PORT}` });
    expect(await exitCode).toBe(1);
    expect(output()).toContain(`No Temporal server answers at 127.0.0.1:${env.TEMPORAL_PORT}`);
    expect(output()).not.toMatch(stackTrace);
  });
});

describe('stopping and starting again', () => {
  let data: Awaited<ReturnType<typeof dataFolder>>;
  let env: ProductPorts & { DATA_DIR: string };
  let product: Product | undefined;

  beforeEach(async () => {
    data = await dataFolder();
    env = { ...(await freePorts()), DATA_DIR: data.path };
  });
  afterEach(async () => {
    await product?.stop();
    await data.remove();
  });

  it('waits for a send that is running, then exits 0 within 15 s', { timeout: 90_000 }, async () => {
    product = await startProduct(env);
    await fetch(`${product.gatewayUrl}/script`, { method: 'POST', body: JSON.stringify([{ delayMs: 4_000 }]) });
    await postJson(product.webhook, aPost());
    await eventually(async () => ((await (await fetch(`${product?.gatewayUrl}/script`)).json()) as unknown[]).length === 0);
    const from = Date.now();
    expect(await product.stop()).toBe(0);
    expect(Date.now() - from).toBeLessThan(15_000);
    expect(product.output()).toContain('Auto-reply sent successfully');
    expect(await leftOverServer(data.path)).toBeUndefined();
  });

  it('takes a Ctrl-C that comes twice, from the terminal and from npm, for one', { timeout: 90_000 }, async () => {
    product = await startProduct(env);
    await fetch(`${product.gatewayUrl}/script`, { method: 'POST', body: JSON.stringify([{ delayMs: 2_000 }]) });
    await postJson(product.webhook, aPost());
    await eventually(async () => ((await (await fetch(`${product?.gatewayUrl}/script`)).json()) as unknown[]).length === 0);
    process.kill(-(product.child.pid as number), 'SIGINT');
    expect(await product.exitCode).toBe(0);
    expect(product.output()).toContain('Auto-reply sent successfully');
    expect(await leftOverServer(data.path)).toBeUndefined();
  });

  it('ends at once on a second signal', { timeout: 90_000 }, async () => {
    product = await startProduct(env);
    await fetch(`${product.gatewayUrl}/script`, { method: 'POST', body: JSON.stringify([{ hang: true }]) });
    await postJson(product.webhook, aPost());
    await eventually(async () => ((await (await fetch(`${product?.gatewayUrl}/script`)).json()) as unknown[]).length === 0);
    const { pid } = product.child;
    let ended = false;
    void product.exitCode.then(() => (ended = true));
    const from = Date.now();
    await eventually(() => {
      if (!ended) process.kill(-(pid as number), 'SIGINT');
      return ended;
    });
    expect(Date.now() - from).toBeLessThan(3_000);
  });

  it('uses a Temporal server again that a killed run has left behind, and finds its runs', { timeout: 120_000 }, async () => {
    product = await startProduct(env);
    const post = aPost();
    await postJson(product.webhook, post);
    await eventually(() => product?.output().includes('Auto-reply sent successfully'));
    process.kill(-(product.child.pid as number), 'SIGKILL');
    await product.exitCode;
    const left = await leftOverServer(data.path);
    expect(left).toBeTypeOf('number');

    product = await startProduct(env);
    expect(product.output()).toContain(`Using the Temporal server that an ended run left behind (process ${left})`);
    expect((await postJson(product.webhook, post)).status).toBe(200);
    await postJson(product.webhook, aPost({ guid: 'after' }));
    await eventually(() => product?.output().includes('Auto-reply sent successfully'));
    const { count } = (await (await fetch(`${product.gatewayUrl}/sent`)).json()) as { count: number };
    expect(count).toBe(1);
    expect(await product.stop()).toBe(0);
    expect(await leftOverServer(data.path)).toBeUndefined();
  });

  it('refuses a data folder that another Answerback runs on', { timeout: 90_000 }, async () => {
    product = await startProduct(env);
    const second = start({ ...(await freePorts()), DATA_DIR: data.path });
    expect(await second.exitCode).toBe(1);
    expect(second.output()).toMatch(/Another Answerback runs on .*: stop it, or set DATA_DIR/);
  });
});
