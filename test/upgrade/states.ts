import { outcomeOf } from '../faults/outcomes.js';
import { eventually } from '../kit/eventually.js';
import type { Installation } from './installation.js';
import { hardText } from './model-that-fails.js';
import type { Text, Texts } from './texts.js';

/** Texts in each state in which a change of the release can meet them. */
export interface States {
  /** Parked as failed. */
  failed: [Text, Text, Text];
  /** Parked as uncertain; the gateway didn't send it. */
  uncertain: [Text, Text];
  /** The number of someone who said STOP. */
  optedOut: string;
  /** The gateway is busy for them, and they are tried again and again. */
  retrying: Text[];
  /** The model fails for them, where there is one, and is asked again and again. */
  classifying: Text[];
  /** Wait for their turn to be sent, or are being sent. */
  inTurn: Text[];
}

const waitMs = { withinMs: 90_000 };

/** More than the gateway is given in a second. */
const burst = 50;

/** Brings about each state under the release that runs, and a quarantined post. Returns once all are there. */
export async function bringAbout(installation: Installation, texts: Texts): Promise<States> {
  const { surroundings, client } = installation;
  const { model, answer, turnedAway } = surroundings;
  const failures = model?.failures() ?? 0;

  /** Writes a text whose reply the gateway doesn't send. */
  async function withStatus(status: 400 | 429 | 500, message?: string): Promise<Text> {
    const number = `+1666${String(texts.all.size).padStart(7, '0')}`;
    answer(number, status);
    return texts.write({ number, ...(message === undefined ? {} : { message }) });
  }

  model?.setFailing(true);
  const [first, second, third, ...others] = await Promise.all([
    ...[400, 400, 400, 500, 500, 429, 429].map((status) => withStatus(status as 400)),
  ]);
  const [uncertain, alsoUncertain, ...retrying] = others;
  const failed = [first, second, third] as States['failed'];
  const doubtful = [uncertain, alsoUncertain] as States['uncertain'];
  const stop = await texts.write({ message: 'STOP' });
  const classifying = [await texts.write({ message: hardText }), await texts.write({ message: hardText })];
  await quarantineOne(installation, texts);

  const ends = (text: Text, outcome: string) =>
    eventually(async () => (await outcomeOf(client, text.guid)) === outcome, waitMs);
  await Promise.all([
    ...failed.map((text) => ends(text, 'ReplyFailed')),
    ...doubtful.map((text) => ends(text, 'ReplyUncertain')),
    ends(stop, 'sent'),
    eventually(() => retrying.every(({ number }) => turnedAway(number) > 0), waitMs),
    eventually(() => !model || model.failures() > failures, waitMs),
  ]);
  return {
    failed,
    uncertain: doubtful,
    optedOut: stop.number,
    retrying,
    classifying,
    inTurn: await texts.writeBatch(burst),
  };
}

/** Posts a text that can't be read. */
async function quarantineOne({ post }: Installation, texts: Texts): Promise<void> {
  const status = await post({ number: `unreadable after ${texts.all.size}` });
  if (status !== 422) throw new Error(`a post without a text was answered ${status}`);
}

/** What was outside of the product goes on: the gateway takes these replies, and the model labels every text. */
export function recover({ surroundings }: Installation, { retrying }: States): void {
  for (const { number } of retrying) surroundings.accept(number);
  surroundings.model?.setFailing(false);
}
