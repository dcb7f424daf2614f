import { randomInt } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SimulatedGateway, startSimulatedGateway } from '../../src/demo/simulated-gateway/server.js';
import { eventually } from '../kit/eventually.js';
import { aPost } from '../helpers/messages.js';
import { dataFolder } from '../kit/data-folder.js';
import { freePorts, type ProductPorts } from '../kit/ports.js';
import { postJson, type Product, startBuiltProduct, startProduct } from '../kit/product.js';

describe('npm start, as a user starts it', () => {
  let data: Awaited<ReturnType<typeof dataFolder>>;
  let ports: ProductPorts;
  let product: Product | undefined;
  let ledger: SimulatedGateway | undefined;

  beforeEach(async () => {
    data = await dataFolder();
    ports = await freePorts();
  });

  afterEach(async () => {
    await product?.stop();
    await ledger?.close();
    await data.remove();
    product = ledger = undefined;
  });

  it(
    'accepts the curl of the original service, logs its three lines and sends the reply',
    { timeout: 90_000 },
    async () => {
      product = await startProduct({ ...ports, DATA_DIR: data.path });
      const posted = await postJson(product.webhook, aPost({ guid: 'test-001', number: '+123456789' }));

      expect(posted).toEqual({
        status: 200,
        body: { status: 'success', message: 'Received 1 message(s), processing in background', message_count: 1 },
      });
      const sent = await eventually(async () => {
        const answer = (await (await fetch(`${product?.gatewayUrl}/sent`)).json()) as {
          count: number;
          sent: Array<{ to: string }>;
        };
        return answer.count > 0 ? answer : undefined;
      });
      expect(sent.sent.map(({ to }) => to)).toEqual(['+123456789']);
      await eventually(() => product?.output().includes('Auto-reply sent successfully'));
      const output = product.output();
      expect(output).toContain('Processing SMS test-001 from +1******89');
      expect(output).toContain('Message classified as: Agree');
      const run = new RegExp(
        `http://localhost:${ports.TEMPORAL_UI_PORT}/namespaces/default/workflows/test-001/[0-9a-f-]{36}/history`,
      ).exec(output);
      expect(run).not.toBeNull();
      expect((await fetch(String(run?.[0]).replace('localhost', '127.0.0.1'))).status).toBe(200);
      expect(await product.stop()).toBe(0);
    },
  );

  it(
    'gives every GUID exactly one reply: single, batch, the same one 50 times at once, and again after a restart',
    { timeout: 180_000 },
    async () => {
      ledger = await startSimulatedGateway({ port: 0 });
      const env = {
        ...ports,
        DATA_DIR: data.path,
        SMS_MOBILE_API_KEY: 'a-key',
        SMS_MOBILE_API_URL: ledger.url,
        SMS_AUTO_REPLY_ENABLED: 'true',
      };
      // The gateway sees no GUID, so that each message has a number of its own.
      const first = randomInt(1_000_000);
      const posts = Array.from({ length: 40 }, (_, index) =>
        aPost({ number: `+1555${String(first + index).padStart(7, '0')}` }),
      );
      const [single, fifty, ...batch] = posts as [
        Record<string, unknown>,
        Record<string, unknown>,
        ...Array<Record<string, unknown>>,
      ];
      const numbers = posts.map(({ number }) => number as string).sort();
      const postAll = async (webhook: string) => {
        const answers = await Promise.all([
          postJson(webhook, single),
          ...Array.from({ length: 50 }, () => postJson(webhook, fifty)),
          postJson(webhook, { messages: batch }),
        ]);
        expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
        expect(answers.at(-1)?.body['message_count']).toBe(batch.length);
      };
      const sentNumbers = () => (ledger as SimulatedGateway).sent.texts.map(({ to }) => to).sort();

      product = await startBuiltProduct(env);
      await postAll(product.webhook);
      await eventually(() => (ledger as SimulatedGateway).sent.count >= posts.length, { withinMs: 30_000 });
      expect(await product.stop('SIGINT')).toBe(0);
      expect(sentNumbers()).toEqual(numbers);

      product = await startBuiltProduct(env);
      await postAll(product.webhook);
      const after = aPost({ number: '+15559999999' });
      await postJson(product.webhook, after);
      await eventually(() => (ledger as SimulatedGateway).sent.texts.some(({ to }) => to === after['number']));
      expect(await product.stop()).toBe(0);
      expect(sentNumbers()).toEqual([...numbers, '+15559999999'].sort());
    },
  );
});
