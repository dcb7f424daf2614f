import type { Client } from '@temporalio/client';
import { type SimulatedGateway, startSimulatedGateway } from '../../src/demo/simulated-gateway/server.js';
import type { ScriptInput } from '../../src/demo/simulated-gateway/step.js';
import { type AnswersByNumber, answersByNumber } from './gateway-by-number.js';
import { type ModelThatFails, startModelThatFails } from './model-that-fails.js';
import type { Release } from './release.js';

/** The product as an operator runs it, with a gateway and a model that outlive it. */
export interface Installation {
  surroundings: Surroundings;
  client: Client;
  /** The data folders of its apis. */
  dataDirs: readonly string[];
  /** Posts once, and returns the status; 0 when there is no response. */
  post: (body: unknown) => Promise<number>;
  /**
   * Replaces the release that runs, in the order of docs/upgrading.md. While its apis are replaced they can't reach
   * Temporal.
   *
   * @param fillInbox called at that time, before the first of them stops
   */
  change(to: Release, direction: 'up' | 'down', fillInbox: () => Promise<unknown>): Promise<void>;
  /** Runs the command `answerback` of the release that runs, and returns what it prints. */
  answerback: (...args: readonly string[]) => Promise<string>;
  stop: () => Promise<void>;
}

/** What is outside of the product. */
interface Surroundings extends AnswersByNumber {
  gateway: SimulatedGateway;
  /** Absent where the rules label. */
  model?: ModelThatFails;
}

/** The surroundings of processes on this machine. */
interface LocalSurroundings extends Surroundings {
  /** The variables by which the product finds them, and those of this test. */
  env: Record<string, string>;
  close: () => Promise<void>;
}

/** The gateway takes a moment for each reply, so that some are being sent at each change. */
export const slowSends: ScriptInput = [{ delayMs: 500, times: 1_000_000 }];

/** So that replies wait for their turn at each change. */
export const smsPerMinute = '1200';

export async function startSurroundings(): Promise<LocalSurroundings> {
  const numbers = answersByNumber();
  const gateway = await startSimulatedGateway({ port: 0, dialect: numbers.dialect });
  gateway.script(slowSends);
  const model = await startModelThatFails();
  return {
    ...numbers,
    gateway,
    model,
    env: {
      SMS_MOBILE_API_KEY: 'a-key',
      SMS_MOBILE_API_URL: gateway.url,
      SMS_AUTO_REPLY_ENABLED: 'true',
      SMS_PER_MINUTE: smsPerMinute,
      OPENAI_API_KEY: 'a-key',
      OPENAI_BASE_URL: model.baseURL,
      LOG_LEVEL: 'info',
    },
    async close() {
      await gateway.close();
      await model.close();
    },
  };
}
