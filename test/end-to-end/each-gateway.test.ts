import { Client } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { gatewayNames } from '../../src/gateways/registry.js';
import { dataFolder } from '../kit/data-folder.js';
import { eventually } from '../kit/eventually.js';
import { freePorts, type ProductPorts } from '../kit/ports.js';
import { postJson, type Product, startBuiltProduct } from '../kit/product.js';
import { connectTo } from '../kit/temporal.js';

interface Sent {
  to: string;
  from?: string;
  mark?: string;
}

/** SMSMobileAPI has neither a mark nor receipts that name a send. */
const withReceipts: readonly string[] = gatewayNames.filter((name) => name !== 'smsmobileapi');

describe.each(gatewayNames)('npm start with GATEWAY=%s', (name) => {
  let data: Awaited<ReturnType<typeof dataFolder>>;
  let ports: ProductPorts;
  let product: Product;

  beforeAll(async () => {
    data = await dataFolder();
    ports = await freePorts();
    // The default window, which the kit turns off.
    product = await startBuiltProduct({ ...ports, DATA_DIR: data.path, GATEWAY: name, DOUBLE_WINDOW: '' });
  });
  afterAll(async () => {
    await product.stop();
    await data.remove();
  });

  const sent = async () => ((await (await fetch(`${product.gatewayUrl}/sent`)).json()) as { sent: Sent[] }).sent;
  const sentTo = async (number: string) => (await sent()).filter(({ to }) => to === number);
  const write = async (number: string) =>
    (await postJson(`${product.gatewayUrl}/phone/texts`, { number, text: 'Yes, I agree' })).body['guid'] as string;
  const metrics = async () => (await fetch(`http://127.0.0.1:${ports.METRICS_PORT}/metrics`)).text();
  let numbers = 0;
  const newNumber = () => `+1206555010${numbers++}`;

  it('is the whole product: a signed text in, a reply out, and its receipt', { timeout: 120_000 }, async () => {
    const number = newNumber();
    const id = await write(number);
    const [reply] = await eventually(async () => {
      const replies = await sent();
      return replies.length > 0 ? replies : undefined;
    });
    expect(reply?.to).toBe(number);
    if (!withReceipts.includes(name)) return;
    expect(reply).toMatchObject({ mark: `${id}.1` });
    const delivered = new RegExp(
      `receipts_total\\{gateway="${name}",state="delivered",outcome="(ended|signalled)"\\} [12]`,
    );
    await eventually(async () => delivered.test(await metrics()));
  });

  it('answers a text once that the gateway posts twice under two ids', { timeout: 120_000 }, async () => {
    const doublesTexts = (on: boolean) => postJson(`${product.gatewayUrl}/phone/doubles`, { doublesTexts: on });
    await doublesTexts(true);
    onTestFinished(async () => void (await doublesTexts(false)));
    const number = newNumber();
    const id = await write(number);
    const connection = await connectTo(`127.0.0.1:${ports.TEMPORAL_PORT}`);
    onTestFinished(() => connection.close());
    const { workflow } = new Client({ connection });
    const double = await eventually(
      async () => {
        for await (const { workflowId } of workflow.list({ query: 'ReplyState="skipped"' })) return workflowId;
        return undefined;
      },
      { withinMs: 60_000 },
    );
    const skipped = (await workflow.getHandle(double).result()) as { reply: string; reason: string };
    const [, first = ''] = /^double of (.+)$/.exec(skipped.reason) ?? [];
    expect(first).not.toBe(double);
    expect([first, double]).toContain(id);
    expect(await workflow.getHandle(first).result()).toMatchObject({
      reply: expect.stringMatching(/^(sent|delivered)$/) as unknown,
    });
    expect(await sentTo(number)).toHaveLength(1);
  });

  it.runIf(withReceipts.includes(name))(
    'settles a reply of unknown outcome by its receipt, without an operator, and sends it once',
    { timeout: 120_000 },
    async () => {
      const number = newNumber();
      await fetch(`${product.gatewayUrl}/script`, {
        method: 'POST',
        body: JSON.stringify([{ reset: 'after', receipts: ['delivered', 'sent', 'delivered'], receiptsAfterMs: 500 }]),
      });
      const id = await write(number);
      const connection = await connectTo(`127.0.0.1:${ports.TEMPORAL_PORT}`);
      const client = new Client({ connection });
      await eventually(async () => (await client.workflow.getHandle(id).describe()).status.name === 'COMPLETED', {
        withinMs: 60_000,
      });
      const outcome: unknown = await client.workflow.getHandle(id).result();
      await connection.close();
      expect(outcome).toMatchObject({ reply: expect.stringMatching(/^(sent|delivered)$/) as unknown });
      const replies = await sentTo(number);
      expect(new Set(replies.map(({ mark }) => mark)).size).toBe(1);
    },
  );
});
