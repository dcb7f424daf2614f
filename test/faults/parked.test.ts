import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import type { ScriptInput } from '../../src/demo/simulated-gateway/step.js';
import { eventually } from '../kit/eventually.js';
import { type Fleet, type Part, startFleet } from './fleet.js';
import { compare, postTexts } from './ledger.js';
import { outcomesOf } from './outcomes.js';
import { createRandom, seed } from './random.js';

const messages = 300;

/** A gateway that takes every text, and for a third of them does not say so. */
function forgetfulGateway(random: () => number): ScriptInput {
  const faults: ScriptInput = [{ reset: 'after' }, { hang: true }, { status: 502, accept: true }];
  return Array.from({ length: 5_000 }, () =>
    random() < 1 / 3 ? (faults[Math.floor(random() * faults.length)] as ScriptInput[number]) : { delayMs: 100 },
  );
}

describe('a gateway that does not respond, and kill -9 of worker and server', () => {
  let fleet: Fleet | undefined;
  afterEach(async () => {
    await fleet?.stop();
    fleet = undefined;
  });

  it(
    'no text is sent twice; each gets a reply or is parked, and one command releases all',
    { timeout: 400_000 },
    async () => {
      const random = createRandom();
      const running = (fleet = await startFleet({ script: forgetfulGateway(random) }));
      let posting = true;
      let kills = 0;
      const killing = (async () => {
        while (posting) {
          await sleep(2_000 + random() * 3_000);
          await running.killAndRestart((random() < 0.5 ? 'worker' : 'temporal') satisfies Part);
          kills++;
        }
      })();
      const { acknowledged } = await postTexts(running.webhook, { count: messages, perSecond: 8 });
      posting = false;
      await killing;

      const guids = [...acknowledged.keys()];
      const outcomes = await outcomesOf(running.client, guids, 180_000);
      const verdicts = compare(acknowledged, outcomes, running.gateway.sent.texts);
      const known = guids.filter((guid) => outcomes.get(guid) !== 'ReplyUncertain');
      console.log(
        `seed ${seed}: ${kills} kills, ${guids.length} acknowledged, ${known.length} answered, ${verdicts.uncertain.length} parked as uncertain`,
      );
      expect({ lost: verdicts.lost, twice: verdicts.twice, unanswered: verdicts.unanswered }).toEqual({
        lost: [],
        twice: [],
        unanswered: [],
      });
      expect(verdicts.uncertain.length).toBeGreaterThan(messages / 6);

      running.gateway.script([]);
      const parked = 'ReplyState="uncertain"';
      const cli = (...args: string[]) =>
        promisify(execFile)('temporal', [...args, '--address', running.temporalAddress]);
      await eventually(async () => (await running.client.workflow.count(parked)).count === verdicts.uncertain.length);
      await cli(
        'workflow',
        'signal',
        '--query',
        parked,
        '--name',
        'retryReply',
        '--reason',
        'gateway back',
        '--rps',
        '50',
        '--yes',
      );
      await eventually(async () => (await running.client.workflow.count(parked)).count === 0, { withinMs: 60_000 });
      const released = await outcomesOf(running.client, guids, 60_000);
      expect(new Set(released.values())).toEqual(new Set(['sent']));
      const sends = (guid: string) =>
        running.gateway.sent.texts.filter(({ to }) => to === acknowledged.get(guid)).length;
      expect(known.filter((guid) => sends(guid) !== 1)).toEqual([]);
    },
  );
});
