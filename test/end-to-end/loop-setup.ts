import type { SentText } from '../../src/demo/simulated-gateway/dialect.js';
import { Client } from '@temporalio/client';
import { expect, onTestFinished } from 'vitest';
import { startSimulatedGateway } from '../../src/demo/simulated-gateway/server.js';
import { outcomeOf } from '../faults/outcomes.js';
import { packed } from '../helpers/answerback-command.js';
import { aPost } from '../helpers/messages.js';
import { dataFolder } from '../kit/data-folder.js';
import { eventually } from '../kit/eventually.js';
import { freePorts } from '../kit/ports.js';
import { postJson, startBuiltProduct } from '../kit/product.js';
import { connectTo } from '../kit/temporal.js';

/** A whole product with a number of its own, as its owner starts it. */
export interface Side {
  number: string;
  /** The replies that its gateway has sent, oldest first. */
  replies: () => readonly SentText[];
  /** Delivers a text to it, and returns the GUID. */
  receive: (from: string, text: string) => Promise<string>;
  outcomeOf: (guid: string) => Promise<string>;
  /** Runs `answerback contact` on its machine. */
  contact: (...args: string[]) => Promise<Record<string, unknown>>;
  /** The GUIDs of all texts that were delivered, also of those that have no run yet. */
  received: readonly string[];
}

/** Starts two products. The replies of each arrive at the other, as texts from its number. */
export async function startPair(settings: Record<string, string>): Promise<[Side, Side]> {
  const [one, other] = await Promise.all(['+12125550101', '+12125550102'].map((number) => startSide(number, settings)));
  if (!one || !other) throw new Error('A pair has two sides');
  one.carryTo(other);
  other.carryTo(one);
  return [one, other];
}

async function startSide(number: string, settings: Record<string, string>) {
  const [gateway, data, ports] = await Promise.all([startSimulatedGateway({ port: 0 }), dataFolder(), freePorts()]);
  const env = {
    ...ports,
    DATA_DIR: data.path,
    SMS_MOBILE_API_KEY: 'a-key',
    SMS_MOBILE_API_URL: gateway.url,
    SMS_AUTO_REPLY_ENABLED: 'true',
    // The defaults, which the kit turns off.
    DOUBLE_WINDOW: '',
    REPLIES_PER_SENDER: '',
    ...settings,
  };
  const product = await startBuiltProduct(env);
  const connection = await connectTo(`127.0.0.1:${env.TEMPORAL_PORT}`);
  const client = new Client({ connection });
  onTestFinished(async () => {
    await connection.close();
    await product.stop();
    await Promise.all([gateway.close(), data.remove()]);
  });

  const received: string[] = [];
  const side: Side = {
    number,
    received,
    replies: () => gateway.sent.texts,
    async receive(from, message) {
      const post = aPost({ number: from, message });
      const guid = String(post['guid']);
      received.push(guid);
      expect((await postJson(product.webhook, post)).status).toBe(200);
      return guid;
    },
    outcomeOf: (guid) => outcomeOf(client, guid),
    async contact(...args) {
      const { stdout, stderr, exitCode } = await packed.answerback(['contact', ...args, '--json'], env);
      expect({ stderr, exitCode }).toMatchObject({ exitCode: 0 });
      return JSON.parse(stdout) as Record<string, unknown>;
    },
  };
  return {
    ...side,
    carryTo: (other: Side) =>
      gateway.switches.onSent(({ to, text }) => {
        // A text that does not arrive has no run: there is no silence then.
        if (to === other.number) other.receive(number, text).catch(() => {});
      }),
  };
}

/** Waits until all texts have their outcome, so that none is under way any more. */
export async function silence(sides: readonly Side[]): Promise<void> {
  const count = () => sides.reduce((sum, { received }) => sum + received.length, 0);
  await eventually(
    async () => {
      const before = count();
      const outcomes = await Promise.all(sides.map((side) => Promise.all(side.received.map(side.outcomeOf))));
      return count() === before && !outcomes.flat().some((outcome) => outcome === 'open' || outcome === 'no run');
    },
    { withinMs: 120_000 },
  );
}
