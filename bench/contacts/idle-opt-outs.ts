import { newNumber } from '../client/requests.js';
import type { RoundSize } from '../e2e/measured.js';
import { inRounds } from '../e2e/rounds.js';
import type { Scope } from '../scope.js';
import { footprintOf } from '../servers/footprint.js';
import { measureList, measureLook } from './looks.js';
import { optedOutSender, type WrittenOptOuts, writeOptOuts } from './opt-outs.js';
import { type EverythingOn, startEverythingOn } from './products.js';
import { type CostRound, measureCost } from './round.js';

/** What was measured on one server. */
interface Measured {
  rounds: CostRound[];
  /** A look at a sender of whom nothing is remembered, in milliseconds. */
  lookMs: number;
  /** `answerback contact list`, in milliseconds. */
  listMs: number;
  serverMemoryMiB: number;
}

export interface IdleOptOuts {
  written: WrittenOptOuts;
  /** The server with the opt-outs. */
  many: Measured;
  /** Another server, without any. */
  none: Measured;
  /** A look at a sender who has opted out, in milliseconds. */
  optedOutLookMs: number;
}

/** Spreads the looks over all opt-outs. */
const stride = 7_919;

/** Compares two products with everything on: in the one, very many senders have opted out. */
export async function compareOptOuts(
  scope: Scope,
  { optOuts, rounds, ...size }: RoundSize & { rounds: number; optOuts: number },
): Promise<IdleOptOuts> {
  const none = await startEverythingOn(scope, 'none');
  const many = await startEverythingOn(scope, 'many');
  console.log(`Writing ${optOuts.toLocaleString('en')} opt-outs …`);
  const written = await writeOptOuts(many, optOuts);
  for (const side of [none, many]) await side.throughput(50);
  const sides = { none, many };
  const measured = await inRounds(sides, { rounds, title: 'Idle opt-outs' }, (side: EverythingOn) =>
    measureCost(side, size),
  );
  const resultOf = async (name: keyof typeof sides): Promise<Measured> => ({
    rounds: measured[name],
    lookMs: await measureLook(sides[name], newNumber),
    listMs: await measureList(sides[name]),
    serverMemoryMiB: footprintOf(sides[name].pids.server).memoryMiB,
  });
  return {
    written,
    many: await resultOf('many'),
    none: await resultOf('none'),
    optedOutLookMs: await measureLook(many, (index) => optedOutSender((index * stride) % optOuts)),
  };
}
