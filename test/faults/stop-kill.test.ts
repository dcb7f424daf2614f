import { afterEach, expect, it } from 'vitest';
import { createContacts } from '../../src/temporal/contacts.js';
import { createSenderKey } from '../../src/temporal/sender-key.js';
import { aPost } from '../helpers/messages.js';
import { defaultPlaybook } from '../helpers/playbook.js';
import { testSecret } from '../kit/secret.js';
import { type Fleet, startFleet } from './fleet.js';
import { killUntil } from './killing.js';
import { type NumberedPost, postTexts } from './ledger.js';
import { outcomesOf } from './outcomes.js';
import { createRandom, seed } from './random.js';
import { type LastTry, lastTryOf } from './tries.js';

const senders = 120;
const perSecond = 12;
/** What senders write, one text right after the other. A hand-over must never take the place of an opt-out. */
const conversations = [
  ['Yes, I agree', 'STOP', 'leave me alone', 'unsubscribe', 'And yes, once more'],
  ['Yes, I agree', 'Yes, really', 'STOP', 'leave me alone', 'And yes, once more'],
] as const;
const length = 5;
/** Kills that must have landed between a STOP and its marker. */
const minLandings = 10;

const isStop = (guid: string) => guid.startsWith('stop-');

function postOf(index: number): NumberedPost {
  const sender = Math.floor(index / length);
  const message = conversations[sender % 2]?.[index % length] ?? '';
  const number = `+1555${String(sender).padStart(7, '0')}`;
  return { ...aPost(), number, message, guid: `${/^(STOP|unsubscribe)$/.test(message) ? 'stop' : 'text'}-${index}` };
}

let fleet: Fleet | undefined;
afterEach(async () => {
  await fleet?.stop();
  fleet = undefined;
});

it(
  'kills between a STOP and its marker lose no text and no STOP, and no reply begins after the marker',
  { timeout: 500_000 },
  async () => {
    const running = (fleet = await startFleet());
    const acknowledgedAtMs = new Map<string, number>();
    let isPosting = true;
    const random = createRandom();
    const killsAtMs: number[] = [];
    const killing = killUntil(running, {
      isOver: () => !isPosting,
      next: () => (random() < 0.75 ? 'worker' : 'temporal'),
      random,
      onKill: () => killsAtMs.push(Date.now()),
    });
    const { acknowledged } = await postTexts(running.webhook, {
      count: senders * length,
      perSecond,
      postOf,
      onAcknowledged: (guid) => void acknowledgedAtMs.set(guid, Date.now()),
    });
    isPosting = false;
    await killing;

    const guids = [...acknowledged.keys()];
    const outcomes = await outcomesOf(running.client, guids, 240_000);
    const stops = await triesOf(running, guids.filter(isStop), 'remember');
    const sends = await triesOf(
      running,
      guids.filter((guid) => !isStop(guid)),
      'sendReply',
    );
    const landed = [...stops].filter(([guid, { completedAtMs = Infinity }]) =>
      killsAtMs.some((atMs) => atMs > (acknowledgedAtMs.get(guid) ?? Infinity) && atMs < completedAtMs),
    );
    const again = [...stops.values()].filter(({ attempt }) => attempt > 1);
    const kinds = ['sent', 'skipped', 'ReplyUncertain'];
    const counts = kinds.map((kind) => `${guids.filter((guid) => outcomes.get(guid) === kind).length} ${kind}`);
    console.log(
      `seed ${seed}: ${killsAtMs.length} kills, between ${landed.length} STOPs and their markers, ` +
        `${again.length} markers written in a later try; ${counts.join(', ')}`,
    );

    expect(guids.filter((guid) => !kinds.includes(outcomes.get(guid) ?? ''))).toEqual([]);
    expect(await faultsOf(running, acknowledged, { outcomes, stops, sends })).toEqual([]);
    expect(landed.length).toBeGreaterThanOrEqual(minLandings);
  },
);

interface Ledger {
  outcomes: Map<string, string>;
  /** The last try to remember each STOP. */
  stops: Map<string, LastTry>;
  /** The last try of each reply to an ordinary text. */
  sends: Map<string, LastTry>;
}

/** Compares what became of each sender's texts with what reached the gateway. Returns what is wrong. */
async function faultsOf({ client, gateway }: Fleet, acknowledged: Map<string, string>, ledger: Ledger) {
  const contacts = createContacts(client, [createSenderKey(testSecret)]);
  const confirmation = defaultPlaybook.requestTemplate('stop', 'en');
  const faults: string[] = [];
  for (const number of new Set(acknowledged.values())) {
    const own = [...acknowledged].flatMap(([guid, one]) => (one === number ? [guid] : []));
    const markedAtMs = Math.min(...own.map((guid) => ledger.stops.get(guid)?.completedAtMs ?? Infinity));
    const arrived = gateway.sent.texts.filter(({ to }) => to === number);
    const confirmations = arrived.filter(({ text }) => text === confirmation).length;
    const replies = arrived.length - confirmations;
    const sent = own.filter((guid) => !isStop(guid) && ledger.outcomes.get(guid) === 'sent');
    // A reply whose worker was killed is uncertain: it may have arrived.
    const begun = own.filter((guid) => (ledger.sends.get(guid)?.startedAtMs ?? Infinity) <= markedAtMs);

    const fault = (words: string) => faults.push(`${number}: ${words}`);
    if ((await contacts.stateOf([number])) !== 'opted-out') fault('its STOP is forgotten');
    if (confirmations > own.filter(isStop).length) fault(`${confirmations} confirmations`);
    if (sent.some((guid) => !begun.includes(guid))) fault('a reply began after its STOP was remembered');
    if (replies < sent.length || replies > begun.length)
      fault(`${replies} replies, of ${begun.length} that began before the STOP was remembered`);
  }
  return faults;
}

async function triesOf({ client }: Fleet, guids: readonly string[], activity: 'remember' | 'sendReply') {
  const tries = new Map<string, LastTry>();
  for (const guid of guids) {
    const last = await lastTryOf(client, guid, activity);
    if (last) tries.set(guid, last);
  }
  return tries;
}
