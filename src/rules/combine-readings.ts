import type { Reading } from './interpret-clause.js';

type Summary = Pick<Reading, 'polarity' | 'weight'>;

/** What all the clauses of a text say together; `unsure` when they leave it open. Undefined when none says anything. */
export function combineReadings(all: readonly Reading[]): 'yes' | 'no' | 'unsure' | undefined {
  if (all.some((reading) => reading.polarity === 'opt-out')) return 'no';
  const present = all.filter((reading) => !reading.past);
  const readings = sinceCorrection(present.length > 0 ? present : all);
  const sides: Reading[][] = [];
  for (const reading of readings) {
    if (reading.link === 'but' || sides.length === 0) sides.push([]);
    sides.at(-1)?.push(reading);
  }
  const whole = sides.map(sumUp).reduce<Summary | undefined>(contrast, undefined);
  return whole?.polarity === 'opt-out' ? 'no' : whole?.polarity;
}

/** "Yes. Actually no": what was taken back no longer counts. */
function sinceCorrection(readings: readonly Reading[]): readonly Reading[] {
  const last = readings.findLastIndex(
    ({ link, weight, polarity }) => link === 'correction' && (weight >= 2 || polarity === 'unsure'),
  );
  return last > 0 ? readings.slice(last) : readings;
}

/** One side of a contrast. Doubt wins, unless a later sentence ends it. */
function sumUp(readings: readonly Reading[]): Summary | undefined {
  const doubt = readings.findLastIndex((reading) => reading.polarity === 'unsure');
  if (doubt >= 0) {
    const resolved = readings.findIndex(
      ({ link, weight }, index) => index > doubt && link === 'sentence' && weight >= 2,
    );
    if (resolved < 0) return { polarity: 'unsure', weight: 2 };
    return sumUp(readings.slice(resolved));
  }
  const yes = strongest(readings, 'yes');
  const no = strongest(readings, 'no');
  if (!yes || !no) return yes ?? no;
  if (no.weight === 3 && yes.weight < 3) return yes.turned ? yes : no;
  if (yes.weight === 3 && no.weight === 2) return no;
  if (yes.weight === no.weight) return insisted(readings) ?? { polarity: 'unsure', weight: 2 };
  return yes.weight > no.weight ? yes : no;
}

/** "Yes… no, sorry, I can't": said once, then the contrary twice. */
function insisted(readings: readonly Reading[]): Reading | undefined {
  const [first, ...rest] = readings;
  return rest.length >= 2 && rest.every(({ polarity }) => polarity !== first?.polarity) ? rest[0] : undefined;
}

function strongest(readings: readonly Reading[], polarity: Reading['polarity']): Reading | undefined {
  return readings.filter((reading) => reading.polarity === polarity).sort((a, b) => b.weight - a.weight)[0];
}

/** Before and after a "but": a commitment outweighs an opinion, two of a kind leave it open. */
function contrast(before: Summary | undefined, after: Summary | undefined): Summary | undefined {
  if (!before || !after) return before ?? after;
  if (after.polarity === before.polarity) return after.weight > before.weight ? after : before;
  if (after.polarity === 'unsure') return after;
  if (before.polarity === 'unsure') return after.weight >= 2 ? after : before;
  if (after.weight >= 2 && before.weight === 1) return after;
  if (before.polarity === 'no' && after.weight === 1) return before;
  return { polarity: 'unsure', weight: 2 };
}
