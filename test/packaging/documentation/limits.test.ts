import { expect, it } from 'vitest';
import { variables } from '../../../src/config/variables.js';
import { fixedWaits } from '../../../src/config/waiting.js';
import { quarantineLimits } from '../../../src/inbox/quarantine.js';
import { read } from '../../helpers/project-files.js';

const page = read('docs/limits.md');
const { breakerBackoff, eventBackoff, forwarderBackoff, modelBackoff, replyBackoff, stopWaits } = fixedWaits;

/** The cells of each row of the tables in one section of the page. */
function rowsOf(section: string): string[][] {
  const [, text = ''] = page.split(`## ${section}\n`);
  const [ownText = ''] = text.split('\n## ');
  const rows = [...ownText.matchAll(/^\| (.*) \|$/gm)].map(([, cells]) => (cells as string).split(/ *\| */));
  return rows.slice(1);
}

/** The first two columns of a section. */
const waitsOf = (section: string): Record<string, string> =>
  Object.fromEntries(rowsOf(section).map(([what = '', howLong = '']) => [what, howLong]));

function time(ms: number): string {
  if (ms === 3_600_000) return 'hour';
  if (ms === 60_000) return 'minute';
  return ms > 60_000 ? `${ms / 60_000} minutes` : `${ms / 1_000} s`;
}

const firstWait = ({ firstWaitMs }: { firstWaitMs: number }) => `${time(firstWaitMs)}, then twice as long each time`;

const doubled = (backoff: { firstWaitMs: number; maxWaitMs: number }) =>
  `${firstWait(backoff)}, up to ${time(backoff.maxWaitMs)}`;

/** A setting with its default, as the page writes it: `24 h` for `24h`. */
function setting(name: 'DOUBLE_WINDOW' | 'PARK_DAYS' | 'REPLY_MAX_AGE' | 'REPLY_RETRY_FOR'): string {
  return `\`${name}\` (${variables[name].default.replace(/(?<=\d)(?=[a-z])/, ' ')})`;
}

it('every backoff doubles its wait, as docs/limits.md says', () => {
  for (const { coefficient } of [breakerBackoff, eventBackoff, forwarderBackoff, modelBackoff, replyBackoff])
    expect(coefficient).toBe(2);
});

it('docs/limits.md has the waits of a message that the code has', () => {
  const { rows, bytes, days } = quarantineLimits;
  const mebibytes = bytes / 2 ** 20;
  expect(waitsOf('A message')).toEqual({
    'a post waits for its commit to disk': time(fixedWaits.commitDeadlineMs),
    'an accepted message waits in the inbox while Temporal is down': 'no limit but the disk',
    'the forwarder tries whether Temporal is back': `after ${doubled(forwarderBackoff)}`,
    'a stuck message, which Temporal refuses or whose key is missing': `tried again every ${time(fixedWaits.stuckRetryMs)}`,
    'the model is asked':
      `each request ${time(fixedWaits.modelTimeoutMs)}; retries after ${firstWait(modelBackoff)}, ` +
      `for 1 ${time(fixedWaits.modelRetryForMs)} from the first failure`,
    'the rules fail, by a bug or an unreadable playbook': `${fixedWaits.considerRetry.attempts} attempts within ${time(fixedWaits.considerRetry.withinMs)}`,
    'the greatest age of a message': `${setting('REPLY_MAX_AGE')} from when the phone or provider received it, where the gateway tells that, and else from its acceptance`,
    'an id is known to Temporal': "the retention of the namespace (30 days with `npm start`), from the run's end",
    '`answerback erase` and `answerback contact rekey` look again': `every ${time(fixedWaits.visibilityLooks.nextLookMs)}, until two looks in a row find nothing`,
    'an entry is in the quarantine': `${days} days; ${rows.toLocaleString('en')} entries or ${mebibytes} MiB at most`,
  });
});

it('docs/limits.md has the waits of a reply that the code has', () => {
  expect(waitsOf('A reply')).toEqual({
    'one send': `${time(fixedWaits.sendTimeoutMs)}; ${time(fixedWaits.sendTryTimeoutMs)} with the worker's own time`,
    'before a send, Temporal is asked about the sender, the limits, and what an operator released after a reset': `${time(fixedWaits.questionsTimeoutMs)} for all questions`,
    'retries of a send that certainly did not go out': `${setting('REPLY_RETRY_FOR')} from the first failure`,
    'the wait between two tries, when the gateway asks for none': doubled(replyBackoff),
    [`a worker only probes a gateway, since the outcome of ${fixedWaits.maxMaybeSentInARow} sends in a row is unknown`]: `one reply at a time, after ${firstWait(breakerBackoff)}, up to 1 ${time(breakerBackoff.maxWaitMs)}`,
    'the gateway asks for a wait with `Retry-After` (the simulated one, when busy, for 5 s)':
      `as long as it asks, up to ` + time(replyBackoff.maxWaitMs),
    'replies to one sender': `\`REPLIES_PER_SENDER\` (${variables.REPLIES_PER_SENDER.default})`,
    "a number that can't get texts, as the provider says": `${fixedWaits.unreachableMs / 86_400_000} days after the provider said it`,
    'a hand-over to a person': `until ${fixedWaits.handedOverMs / 3_600_000} h after the sender's last text`,
    'the same text under another id is a double': setting('DOUBLE_WINDOW'),
    'a parked reply': `${setting('PARK_DAYS')} from its last failure`,
    'a reply waits for its turn under `SMS_PER_MINUTE`': 'until `REPLY_MAX_AGE` ends it',
    '`retryReplyNow` waits for its result': time(fixedWaits.updateWaitMs),
  });
});

it('docs/limits.md has the waits of an event that the code has', () => {
  expect(waitsOf('An event')).toEqual({
    'one request to `EVENTS_URL`': time(fixedWaits.eventTimeoutMs),
    'the wait between two tries, when the receiver asks for none': doubled(eventBackoff),
    'the receiver asks for a wait with `Retry-After`': `as long as it asks, from ${time(eventBackoff.firstWaitMs)} up to ${time(eventBackoff.maxWaitMs)}`,
    'an event is tried': `${fixedWaits.eventRetryForMs / 3_600_000} hours`,
  });
});

it('docs/limits.md has the times of a stop that the code has', () => {
  expect(rowsOf('A process that stops').map(([process, , howLong]) => [process, howLong])).toEqual([
    ['api', time(stopWaits.acceptMs)],
    ['api', `up to ${time(stopWaits.forwardMs)}`],
    ['worker', `up to ${time(stopWaits.sendMs)}`],
    ['any', `after ${time(stopWaits.processMs)}`],
  ]);
  expect(page).toContain(`it stops within the same ${time(stopWaits.processMs)}.`);
});
