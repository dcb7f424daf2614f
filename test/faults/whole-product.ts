import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '@temporalio/client';
import { loadConfig } from '../../src/config/config.js';
import { type SimulatedGateway, startSimulatedGateway } from '../../src/demo/simulated-gateway/server.js';
import { simulate } from '../../src/demo/simulated-gateway/simulate.js';
import { dataFolder } from '../kit/data-folder.js';
import { freePorts } from '../kit/ports.js';
import { startBuiltProduct } from '../kit/product.js';
import { testSecret } from '../kit/secret.js';
import { connectTo } from '../kit/temporal.js';
import { accountVariables, type GatewayWithReceipts } from '../kit/gateway-accounts.js';

/** `npm start` with a real account, and a gateway beside it that speaks like its provider and outlives its kills. */
export interface WholeProduct {
  gateway: SimulatedGateway;
  /** What its commands need, to find it. */
  env: Record<string, string>;
  client: Client;
  /** Posts a text of this number like the provider, until it is accepted. Returns the id of its run. */
  write: (number: string) => Promise<string>;
  /** Kills it with SIGKILL, and starts it again. */
  killAndRestart: () => Promise<void>;
}

/** A reply that takes three SMS: SMSGate has a receipt for each. */
const longReply = 'Thank you for your message. '.repeat(14).trim();

/** @param onFinished registers what ends it; the steps run in reverse order */
export async function startWholeProduct(
  name: GatewayWithReceipts,
  onFinished: (step: () => Promise<unknown>) => void,
): Promise<WholeProduct> {
  const data = await dataFolder();
  onFinished(() => data.remove());
  const ports = await freePorts();
  const env = {
    ...ports,
    DATA_DIR: data.path,
    ANSWERBACK_SECRET: testSecret,
    PUBLIC_URL: `http://127.0.0.1:${ports.PORT}`,
    SMS_AUTO_REPLY_ENABLED: 'true',
    SMS_AUTO_REPLY_TEXT: longReply,
    LOG_LEVEL: 'error',
    ...accountVariables(name, `http://127.0.0.1:${ports.GATEWAY_PORT}`),
  };
  const simulated = simulate(loadConfig(env), testSecret);
  const gateway = await startSimulatedGateway({ port: Number(ports.GATEWAY_PORT), dialect: simulated.dialect });
  onFinished(() => gateway.close());
  let product = await startBuiltProduct(env);
  onFinished(() => product.stop('SIGKILL'));
  const connection = await connectTo(`127.0.0.1:${ports.TEMPORAL_PORT}`);
  onFinished(() => connection.close());

  return {
    gateway,
    env,
    client: new Client({ connection }),
    async write(number) {
      const text = { number, text: 'Yes, I agree', guid: `text-of-${number.slice(1)}`, at: new Date() };
      for (;;) {
        try {
          await simulated.postText(text);
          return simulated.idOf(text);
        } catch {
          await sleep(200);
        }
      }
    },
    async killAndRestart() {
      await product.stop('SIGKILL');
      product = await startBuiltProduct(env);
    },
  };
}
