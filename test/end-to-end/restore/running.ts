import { Client } from '@temporalio/client';
import type { NativeConnection } from '@temporalio/worker';
import type { WrittenText } from '../../../src/demo/simulated-gateway/dialect.js';
import type { ScriptInput } from '../../../src/demo/simulated-gateway/step.js';
import { postJson, type Product, startBuiltProduct } from '../../kit/product.js';
import { startProgram } from '../../kit/program.js';
import { connectTo } from '../../kit/temporal.js';
import { telnyxAt } from './texts.js';

/** `GATEWAY=telnyx npm start`, seen from outside. */
export interface Running {
  post: (text: WrittenText) => Promise<void>;
  script: (steps: ScriptInput) => Promise<unknown>;
  /** The numbers to which this gateway has sent something, in this order. */
  sentTo: () => Promise<string[]>;
  /** Runs `answerback` with the settings of the product; fails when it fails. */
  answerback: (...args: string[]) => Promise<string>;
  client: Client;
  stop: () => Promise<void>;
}

export async function startRunning(env: Parameters<typeof startBuiltProduct>[0]): Promise<Running> {
  const all = { ...env, GATEWAY: 'telnyx' };
  const product: Product = await startBuiltProduct(all);
  const connection: NativeConnection = await connectTo(`127.0.0.1:${env.TEMPORAL_PORT}`);
  return {
    post: telnyxAt(env),
    script: (steps) => postJson(`${product.gatewayUrl}/script`, steps),
    async sentTo() {
      const { sent } = (await (await fetch(`${product.gatewayUrl}/sent`)).json()) as { sent: Array<{ to: string }> };
      return sent.map(({ to }) => to);
    },
    async answerback(...args) {
      const ran = startProgram(process.execPath, ['dist/cli/main.js', ...args], all);
      if ((await ran.exitCode) !== 0) throw new Error(`answerback ${args.join(' ')}: ${ran.output()}`);
      return ran.output();
    },
    client: new Client({ connection }),
    async stop() {
      await connection.close();
      await product.stop();
    },
  };
}
