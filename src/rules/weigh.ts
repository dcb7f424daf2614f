import type { Reading } from './clause.js';

type Verdict = Pick<Reading, 'says' | 'weight'>;

/** One answer for all the clauses of a text; `open` when they leave it so. Undefined when none says anything. */
export function weigh(all: Reading[]): 'yes' | 'no' | 'open' | undefined {
  if (all.some((reading) => reading.says === 'optOut')) return 'no';
  const present = all.filter((reading) => !reading.past);
  const readings = sinceAmended(present.length > 0 ? present : all);
  const sides: Reading[][] = [];
  for (const reading of readings) {
    if (reading.link === 'but' || sides.length === 0) sides.push([]);
    sides.at(-1)?.push(reading);
  }
  const verdict = sides.map(sumUp).reduce<Verdict | undefined>(contrast, undefined);
  if (!verdict) return undefined;
  return verdict.says === 'yes' || verdict.says === 'no' ? verdict.says : 'open';
}

/** "Yes. Actually no": what was taken back no longer counts. */
function sinceAmended(readings: Reading[]): Reading[] {
  const last = readings.findLastIndex(({ link, weight, says }) => link === 'amend' && (weight >= 2 || says === 'unsure'));
  return last > 0 ? readings.slice(last) : readings;
}

/** One side of a contrast. Doubt wins, unless a later sentence ends it. */
function sumUp(readings: Reading[]): Verdict | undefined {
  const doubt = readings.findLastIndex((reading) => reading.says === 'unsure');
  if (doubt >= 0) {
    const resolved = readings.findIndex(({ link, weight }, index) => index > doubt && link === 'sentence' && weight >= 2);
    if (resolved < 0) return { says: 'unsure', weight: 2 };
    return sumUp(readings.slice(resolved));
  }
  const yes = strongest(readings, 'yes');
  const no = strongest(readings, 'no');
  if (!yes || !no) return yes ?? no;
  if (no.weight === 3 && yes.weight < 3) return yes.turned ? yes : no;
  if (yes.weight === 3 && no.weight === 2) return no;
  if (yes.weight === no.weight) return insisted(readings) ?? { says: 'unsure', weight: 2 };
  return yes.weight > no.weight ? yes : no;
}

/** "Yes… no, sorry, I can't": said once, then the contrary twice. */
function insisted(readings: Reading[]): Reading | undefined {
  const [first, ...rest] = readings;
  return rest.length >= 2 && rest.every(({ says }) => says !== first?.says) ? rest[0] : undefined;
}

function strongest(readings: Reading[], says: Reading['says']): Reading | undefined {
  return readings.filter((reading) => reading.says === says).sort((a, b) => b.weight - a.weight)[0];
}

/** Before and after a "but": a commitment outweighs an opinion, two of a kind leave it open. */
function contrast(before: Verdict | undefined, after: Verdict | undefined): Verdict | undefined {
  if (!before || !after) return before ?? after;
  if (after.says === before.says) return after.weight > before.weight ? after : before;
  if (after.says === 'unsure') return after;
  if (before.says === 'unsure') return after.weight >= 2 ? after : before;
  if (after.weight >= 2 && before.weight === 1) return after;
  if (before.says === 'no' && after.weight === 1) return before;
  return { says: 'unsure', weight: 2 };
}
