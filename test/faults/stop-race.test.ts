import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createModel } from '../../src/activities/model.js';
import { signals } from '../../src/domain/names.js';
import { completion, startFakeOpenAi } from '../helpers/fake-openai.js';
import { eventually } from '../kit/eventually.js';
import { type Race, startRace } from './race.js';
import { noFault } from './race-ledger.js';
import { createRandom, seed } from './random.js';

const races = 200;
/** Each takes two turns of 0.1 s. */
const racesAtLimit = races / 2;
/** Few at a time, so that the server is not the only thing that is tested. */
const racesAtOnce = 50;
/** A STOP comes at most this much earlier or later than what it races. */
const spreadMs = 400;
const momentMs = 50;
const timeout = 180_000;

const random = createRandom();
let numbersUsed = 0;

const newNumbers = (count = races) =>
  Array.from({ length: count }, () => `+1555${String(++numbersUsed).padStart(7, '0')}`);

async function inBatches(numbers: string[], race: (batch: string[]) => Promise<unknown>): Promise<void> {
  for (let first = 0; first < numbers.length; first += racesAtOnce)
    await race(numbers.slice(first, first + racesAtOnce));
}

const forEach = <Result>(numbers: readonly string[], step: (number: string) => Promise<Result>) =>
  Promise.all(numbers.map(step));

const outcomesOf = (runs: readonly WorkflowHandle[]) =>
  Promise.all(
    runs.map((run) =>
      eventually(() => run.result() as Promise<{ reply: string; reason?: string }>, { withinMs: 120_000 }),
    ),
  );

async function atRandom<Result>(step: () => Promise<Result>, withinMs = spreadMs): Promise<Result> {
  await sleep(random() * withinMs);
  return step();
}

async function expectStopped(texts: readonly WorkflowHandle[]): Promise<void> {
  const stopped = { verdict: expect.anything() as unknown, reply: 'skipped', reason: 'opted-out' };
  expect(await outcomesOf(texts)).toEqual(texts.map(() => stopped));
}

function expectOnlyConfirmations({ ledger, gateway }: Race, numbers: readonly string[]): void {
  expect(ledger.verdicts(numbers)).toEqual(noFault);
  expect(gateway.sent.count).toBe(0);
}

/** Starts texts whose sends the gateway does not take, and lets it take sends once their senders have opted out. */
async function stopBetweenTries({ gateway, text, stop, tried }: Race, numbers: string[]): Promise<WorkflowHandle[]> {
  gateway.script([{ status: 429, times: 10_000 }]);
  const texts = await forEach(numbers, text);
  await eventually(() => numbers.every((number) => tried.has(number)), { withinMs: 60_000 });
  await outcomesOf(await forEach(numbers, stop));
  gateway.script([]);
  return texts;
}

/** Starts texts whose replies the gateway refuses, until all are parked. */
async function park({ gateway, text, parked }: Race, numbers: string[]): Promise<WorkflowHandle[]> {
  gateway.script([{ status: 400, times: numbers.length }]);
  const texts = await forEach(numbers, text);
  await eventually(() => numbers.every((number) => parked.has(number)), { withinMs: 60_000 });
  return texts;
}

describe(`a STOP ends the reply to an earlier text, ${races} times`, () => {
  it('while a model that has not responded yet labels the text', { timeout }, async () => {
    const openai = await startFakeOpenAi();
    onTestFinished(() => openai.close());
    const asked: ServerResponse[] = [];
    openai.answerWith((response) => void asked.push(response));
    const model = createModel({ apiKey: 'a-key', model: 'a-model', baseURL: openai.baseURL });
    const race = await startRace({ model });
    const numbers = newNumbers();
    await inBatches(numbers, async (batch) => {
      const texts = await forEach(batch, race.text);
      await eventually(() => asked.length === batch.length, { withinMs: 60_000 });
      await outcomesOf(await forEach(batch, race.stop));
      asked.splice(0).forEach(completion({ content: '{"label":"Agree"}' }));
      await expectStopped(texts);
    });
    expectOnlyConfirmations(race, numbers);
  });

  it('between two tries of its send', { timeout }, async () => {
    const race = await startRace();
    const numbers = newNumbers();
    await inBatches(numbers, async (batch) => expectStopped(await stopBetweenTries(race, batch)));
    expectOnlyConfirmations(race, numbers);
  });

  it('while it waits for a worker in the queue of sends', { timeout }, async () => {
    const race = await startRace({ isSending: false });
    const texts: WorkflowHandle[] = [];
    const numbers = newNumbers();
    await inBatches(numbers, async (batch) => {
      texts.push(...(await queue(race, batch)));
      await forEach(batch, race.stop);
      await eventually(() => batch.every(race.ledger.isRemembered), { withinMs: 60_000 });
    });
    await race.startSending();
    await expectStopped(texts);
    await eventually(() => race.ledger.verdicts(numbers).notConfirmedOnce.length === 0);
    expectOnlyConfirmations(race, numbers);
  });

  it('while it is parked, once an operator releases it', { timeout }, async () => {
    const race = await startRace();
    const numbers = newNumbers();
    await inBatches(numbers, async (batch) => {
      const texts = await park(race, batch);
      await outcomesOf(await forEach(batch, race.stop));
      await Promise.all(texts.map((run) => run.signal(signals.retryReply)));
      await expectStopped(texts);
    });
    expectOnlyConfirmations(race, numbers);
  });
});

/** Starts texts whose replies wait until sending begins. */
async function queue({ text }: Race, numbers: string[]): Promise<WorkflowHandle[]> {
  const texts = await forEach(numbers, text);
  await Promise.all(texts.map((run) => eventually(() => isQueued(run), { withinMs: 60_000 })));
  return texts;
}

async function isQueued(run: WorkflowHandle): Promise<boolean> {
  const { pendingActivities = [] } = (await run.describe()).raw;
  return pendingActivities?.some(({ activityType }) => activityType?.name === 'sendReply') ?? false;
}

describe(`no reply looks at its contact after a STOP was remembered and is sent, ${races} times`, () => {
  /** Compares the ledger of a race with the outcomes of its texts, and prints how wide the gap was. */
  async function expectNoneLate({ ledger }: Race, numbers: readonly string[], texts: readonly WorkflowHandle[]) {
    const outcomes = await outcomesOf(texts);
    const sent = outcomes.filter(({ reply }) => reply === 'sent').length;
    const gapsMs = ledger.gapsMs();
    console.log(
      `seed ${seed}: ${sent} replies sent, ${texts.length - sent} ended by the STOP, ${gapsMs.length} in the gap, ` +
        `of ${Math.max(0, ...gapsMs).toFixed(1)} ms at most`,
    );
    expect(ledger.verdicts(numbers)).toEqual(noFault);
    expect(ledger.replies()).toBe(sent);
    for (const { reply, reason } of outcomes) expect(reason).toBe(reply === 'sent' ? undefined : 'opted-out');
    // Otherwise nothing was a race.
    expect(sent).toBeGreaterThan(0);
    expect(sent).toBeLessThan(texts.length);
  }

  it('when an operator releases the reply at the same moment', { timeout }, async () => {
    const race = await startRace();
    const texts: WorkflowHandle[] = [];
    const numbers = newNumbers();
    await inBatches(numbers, async (batch) => {
      const parked = await park(race, batch);
      texts.push(...parked);
      const [stops] = await Promise.all([
        forEach(batch, (number) => atRandom(() => race.stop(number))),
        ...parked.map((run) => atRandom(() => run.signal(signals.retryReply), 2 * spreadMs)),
      ]);
      await outcomesOf([...stops, ...parked]);
    });
    await expectNoneLate(race, numbers, texts);
  });

  it('at a random moment of an ordinary reply', { timeout }, async () => {
    const race = await startRace();
    const texts: WorkflowHandle[] = [];
    const numbers = newNumbers();
    await inBatches(numbers, async (batch) => {
      const [started, stops] = await Promise.all(
        [race.text, race.stop].map((start) => forEach(batch, (number) => atRandom(() => start(number)))),
      );
      texts.push(...(started ?? []));
      await outcomesOf([...(started ?? []), ...(stops ?? [])]);
    });
    await expectNoneLate(race, numbers, texts);
  });

  it('when the STOP is remembered at the very moment of the look', { timeout }, async () => {
    const held = { marker: new Map<string, () => void>(), try: new Map<string, () => void>() };
    const race = await startRace({
      hold: (number, step) => new Promise((resolve) => void held[step].set(number, resolve)),
    });
    const texts: WorkflowHandle[] = [];
    const numbers = newNumbers();
    await inBatches(numbers, async (batch) => {
      const runs = await forEach(batch, race.text);
      texts.push(...runs);
      runs.push(...(await forEach(batch, race.stop)));
      const steps = Object.values(held);
      await eventually(() => steps.every((step) => batch.every((number) => step.has(number))), { withinMs: 60_000 });
      const release = (number: string) => steps.map((step) => atRandom(async () => step.get(number)?.(), momentMs));
      await Promise.all(batch.flatMap(release));
      await outcomesOf(runs);
    });
    await expectNoneLate(race, numbers, texts);
  });

  it('while replies wait for SMS_PER_MINUTE', { timeout }, async () => {
    const race = await startRace({ isSending: false });
    const texts: WorkflowHandle[] = [];
    const numbers = newNumbers(racesAtLimit);
    await inBatches(numbers, async (batch) => void texts.push(...(await queue(race, batch))));
    await race.startSending({ perSecond: 10 });
    await eventually(() => race.ledger.replies() > 0);
    const stops: WorkflowHandle[] = [];
    await inBatches(numbers, async (batch) => void stops.push(...(await forEach(batch, race.stop))));
    await outcomesOf(stops);
    await expectNoneLate(race, numbers, texts);
  });
});

it('is a test that can fail: where the contact is not asked for, replies are sent', { timeout }, async () => {
  const race = await startRace({ isAsked: false });
  const numbers = newNumbers(racesAtOnce);
  await outcomesOf(await stopBetweenTries(race, numbers));
  console.log(`control: ${race.ledger.replies()} replies sent to ${numbers.length} who had opted out`);
  expect(race.ledger.verdicts(numbers)).toEqual({ ...noFault, late: expect.arrayContaining(numbers) as unknown });
});
