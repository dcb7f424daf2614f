import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { packed } from '../helpers/answerback-command.js';
import { eventually } from '../kit/eventually.js';
import { type Fault, type PlannedSend, sendsUntilKill, sendsWithFaults } from './ambiguous-sends.js';
import { gatewaysWithReceipts } from '../kit/gateway-accounts.js';
import { outcomeOf } from './outcomes.js';
import { startWholeProduct, type WholeProduct } from './whole-product.js';

const kills = 3;
const textsPerSecond = 10;

/** A send, with the text that it answers. */
interface Answered extends PlannedSend {
  id: string;
  number: string;
}

// Each is a whole product, and is killed while it works.
vi.setConfig({ maxConcurrency: 2 });

describe.concurrent('sends of unknown outcome', () => {
  it.for(gatewaysWithReceipts)(
    '%s: each whose receipt comes is settled without an operator, the others stay parked, and none is sent twice',
    { timeout: 240_000 },
    async (name, { onTestFinished }) => {
      const product = await startWholeProduct(name, (step) => onTestFinished(async () => void (await step())));
      const sends: Answered[] = [];
      const neverBegun: string[] = [];
      for (let kill = 0; kill < kills; kill++) {
        sends.push(...(await answerTexts(product, sendsUntilKill(), neverBegun)));
        await product.killAndRestart();
      }
      sends.push(...(await answerTexts(product, sendsWithFaults(), neverBegun)));

      // SMSGate knows a send by its id: it is repeated, and settles by the response.
      const staysParked = ({ receipt }: Answered) => receipt === 'lost' && name !== 'smsgate';
      const ambiguous = sends.filter(({ fault }) => fault !== undefined);
      const lost = sends.filter(staysParked);
      const open = await unsettled(
        product,
        sends.filter((send) => !staysParked(send)),
      );
      console.log(
        `${name}: ${ambiguous.length} sends of unknown outcome (${countsOf(ambiguous)}), ` +
          `${ambiguous.length - lost.length - open.length} settled without an operator, ${lost.length} parked; ` +
          `${neverBegun.length} parked that never began`,
      );
      expect(ambiguous.length).toBeGreaterThanOrEqual(78);
      expect(open).toEqual([]);

      const uncertain = async () => (await listed(product)).sort();
      const parked = [...lost.map(({ id }) => id), ...neverBegun].sort();
      await eventually(async () => (await uncertain()).length === parked.length).catch(() => undefined);
      expect(await uncertain()).toEqual(parked);

      const { texts } = product.gateway.sent;
      expect(texts.map(({ to }) => to).sort()).toEqual(sends.map(({ number }) => number).sort());
      expect(texts.map(({ mark }) => mark).sort()).toEqual(sends.map(({ id }) => `${id}.1`).sort());
    },
  );
});

function countsOf(sends: readonly PlannedSend[]): string {
  const counts = new Map<Fault | undefined, number>();
  for (const { fault } of sends) counts.set(fault, (counts.get(fault) ?? 0) + 1);
  return [...counts].map(([fault, count]) => `${count} ${fault}`).join(', ');
}

let written = 0;

/**
 * Writes a text for each send, and waits until the gateway has taken all replies. On a busy machine Temporal notes at
 * times that a send has begun, and no worker gets it: such a text counts as `neverBegun`, and another one is written.
 */
async function answerTexts(
  { client, gateway, write }: WholeProduct,
  plan: readonly PlannedSend[],
  neverBegun: string[],
): Promise<Answered[]> {
  const taken = gateway.sent.count;
  gateway.script(plan.map(({ step }) => step));
  const ids = new Map<string, Promise<string>>();
  const writeOne = async () => {
    const number = `+1206555${String(written++).padStart(4, '0')}`;
    ids.set(number, write(number));
    await sleep(1_000 / textsPerSecond);
  };
  for (let index = 0; index < plan.length; index++) await writeOne();
  await eventually(
    async () => {
      if (gateway.sent.count >= taken + plan.length) return true;
      for (const [number, written] of [...ids]) {
        const id = await written;
        const isUncertain = (await outcomeOf(client, id)) === 'ReplyUncertain';
        if (!isUncertain || gateway.sent.texts.some(({ to }) => to === number)) continue;
        neverBegun.push(id);
        ids.delete(number);
        await writeOne();
      }
      return false;
    },
    { withinMs: 120_000 },
  );
  // The script is in the order of the sends, not of the texts.
  const texts = gateway.sent.texts.slice(taken);
  return Promise.all(
    plan.map(async (send, index) => {
      const number = texts[index]?.to ?? '';
      return { ...send, number, id: (await ids.get(number)) ?? '' };
    }),
  );
}

/** Waits until these are settled, and returns those that aren't. */
async function unsettled({ client }: WholeProduct, sends: readonly Answered[]): Promise<string[]> {
  let open = [...sends];
  const isSettled = async ({ id, receipt }: Answered) => {
    const outcome = await outcomeOf(client, id);
    if (receipt !== 'failed') return outcome === 'sent' || outcome === 'delivered';
    // The refusal may come after the end of the run: then another one keeps the reply.
    return outcome === 'ReplyFailed' || (await outcomeOf(client, `${id}.refused`)) === 'ReplyFailed';
  };
  await eventually(
    async () => {
      const settled = await Promise.all(open.map(isSettled));
      open = open.filter((_, index) => !settled[index]);
      if (open.length > 0) await sleep(500);
      return open.length === 0;
    },
    { withinMs: 120_000 },
  ).catch(() => undefined);
  return Promise.all(
    open.map(async ({ id, fault, receipt }) => `${id}: ${fault}, receipt ${receipt}, ${await outcomeOf(client, id)}`),
  );
}

/** What `answerback runs --state uncertain` lists. */
async function listed({ env }: WholeProduct): Promise<string[]> {
  const args = ['runs', '--state', 'uncertain', '--limit', '1000', '--json'];
  const { stdout } = await packed.answerback(args, env);
  const { runs } = JSON.parse(stdout) as { runs: Array<{ workflowId: string }> };
  return runs.map(({ workflowId }) => workflowId);
}
