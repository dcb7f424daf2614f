import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { startSimulatedGateway } from '../../src/demo/simulated-gateway/server.js';
import { eventually } from '../kit/eventually.js';
import { startFakeOpenAi } from '../helpers/fake-openai.js';
import { freePort, freePorts } from '../kit/ports.js';
import { aPost } from '../helpers/messages.js';
import { dataFolder } from '../kit/data-folder.js';
import { postJson, startBuiltProduct } from '../kit/product.js';

const numbers = Array.from({ length: 20 }, (_, index) => `+15551000${100 + index}`);

it(
  'SMS_PER_MINUTE and OPENAI_RPS delay work and lose nothing, at a stop or when they are unset',
  { timeout: 120_000 },
  async () => {
    const [openai, gateway, data] = await Promise.all([
      startFakeOpenAi(),
      startSimulatedGateway({ port: 0 }),
      dataFolder(),
    ]);
    onTestFinished(async () => void (await Promise.all([openai.close(), gateway.close(), data.remove()])));
    const env = {
      ...(await freePorts()),
      METRICS_PORT: String(await freePort()),
      DATA_DIR: data.path,
      OPENAI_API_KEY: 'a-key',
      OPENAI_BASE_URL: openai.baseURL,
      SMS_MOBILE_API_KEY: 'a-key',
      SMS_MOBILE_API_URL: gateway.url,
      SMS_AUTO_REPLY_ENABLED: 'true',
    };
    async function start(limits: Record<string, string>) {
      const product = await startBuiltProduct({ ...env, ...limits });
      onTestFinished(() => void product.stop('SIGKILL'));
      return product;
    }

    const limited = await start({ SMS_PER_MINUTE: '60', OPENAI_RPS: '5' });
    await postJson(limited.webhook, { messages: numbers.map((number) => aPost({ number })) });
    await eventually(() => openai.requests.length === numbers.length && gateway.sent.count >= 4, { withinMs: 60_000 });
    // The command of docs/limits.md.
    const describing = [
      ...'task-queue describe --task-queue answerback-sends-smsmobileapi --output json --address'.split(' '),
      `127.0.0.1:${env.TEMPORAL_PORT}`,
    ];
    const { stdout } = await promisify(execFile)(process.env['TEMPORAL_CLI'] ?? 'temporal', describing);
    expect(stdout).toMatch(/"approximateBacklogCount": "?[1-9]/);
    const heldBack = numbers.length - gateway.sent.count;
    expect(await limited.stop()).toBe(0);
    expect(heldBack).toBeGreaterThan(0);
    const times = gateway.sent.texts.map(({ at }) => Date.parse(at));
    // One a second, beside what a quiet time lets through at once.
    expect(Math.max(...times) - Math.min(...times)).toBeGreaterThan((times.length - 4) * 1_000);

    const unlimited = await start({});
    await eventually(() => gateway.sent.count >= numbers.length, { withinMs: 30_000 });
    expect(await unlimited.stop()).toBe(0);
    expect(gateway.sent.texts.map(({ to }) => to).sort()).toEqual(numbers);
    expect(openai.requests).toHaveLength(numbers.length);
  },
);
