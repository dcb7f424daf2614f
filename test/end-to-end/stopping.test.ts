import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../kit/eventually.js';
import { aPost } from '../helpers/messages.js';
import { dataFolder, leftOverServer } from '../kit/data-folder.js';
import { freePorts, type ProductPorts } from '../kit/ports.js';
import { postJson, type Product, startBuiltProduct, startProduct } from '../kit/product.js';
import { start } from './standalone.js';

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
    product = await startBuiltProduct(env);
    await fetch(`${product.gatewayUrl}/script`, { method: 'POST', body: JSON.stringify([{ delayMs: 4_000 }]) });
    await postJson(product.webhook, aPost());
    await eventually(
      async () => ((await (await fetch(`${product?.gatewayUrl}/script`)).json()) as unknown[]).length === 0,
    );
    const from = Date.now();
    expect(await product.stop()).toBe(0);
    expect(Date.now() - from).toBeLessThan(15_000);
    expect(product.output()).toContain('Auto-reply sent successfully');
    expect(await leftOverServer(data.path)).toBeUndefined();
  });

  it('treats a Ctrl-C that arrives twice, from the terminal and from npm, as one', { timeout: 90_000 }, async () => {
    product = await startProduct(env);
    await fetch(`${product.gatewayUrl}/script`, { method: 'POST', body: JSON.stringify([{ delayMs: 2_000 }]) });
    await postJson(product.webhook, aPost());
    await eventually(
      async () => ((await (await fetch(`${product?.gatewayUrl}/script`)).json()) as unknown[]).length === 0,
    );
    process.kill(-(product.child.pid as number), 'SIGINT');
    expect(await product.exitCode).toBe(0);
    expect(product.output()).toContain('Auto-reply sent successfully');
    expect(await leftOverServer(data.path)).toBeUndefined();
  });

  it('ends at once on a second signal', { timeout: 90_000 }, async () => {
    product = await startBuiltProduct(env);
    await fetch(`${product.gatewayUrl}/script`, { method: 'POST', body: JSON.stringify([{ hang: true }]) });
    await postJson(product.webhook, aPost());
    await eventually(
      async () => ((await (await fetch(`${product?.gatewayUrl}/script`)).json()) as unknown[]).length === 0,
    );
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

  it(
    'reuses a Temporal server that a killed process left behind, and finds its runs',
    { timeout: 120_000 },
    async () => {
      product = await startBuiltProduct(env);
      const post = aPost();
      await postJson(product.webhook, post);
      await eventually(() => product?.output().includes('Auto-reply sent successfully'));
      process.kill(-(product.child.pid as number), 'SIGKILL');
      await product.exitCode;
      const left = await leftOverServer(data.path);
      expect(left).toBeTypeOf('number');

      product = await startBuiltProduct(env);
      expect(product.output()).toContain(`Using the Temporal server from an earlier run (process ${left})`);
      expect((await postJson(product.webhook, post)).status).toBe(200);
      await postJson(product.webhook, aPost({ guid: 'after' }));
      await eventually(() => product?.output().includes('Auto-reply sent successfully'));
      const { count } = (await (await fetch(`${product.gatewayUrl}/sent`)).json()) as { count: number };
      expect(count).toBe(1);
      expect(await product.stop()).toBe(0);
      expect(await leftOverServer(data.path)).toBeUndefined();
    },
  );

  it('refuses a data folder that another Answerback uses', { timeout: 90_000 }, async () => {
    product = await startBuiltProduct(env);
    const second = start({ ...(await freePorts()), DATA_DIR: data.path });
    expect(await second.exitCode).toBe(1);
    expect(second.output()).toMatch(/Another Answerback runs on .*: stop it, or set DATA_DIR/);
  });
});
