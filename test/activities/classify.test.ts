import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { preparePlaybook } from '../../src/playbook/prepare.js';
import { anActivity, rejection, runId } from '../helpers/activity.js';
import { apiKey, type Classification, number, startClassification } from '../helpers/classification.js';
import { completion } from '../helpers/fake-openai.js';
import { defaultAnswer, defaultPlaybook, labels, unchanging } from '../helpers/playbook.js';

let run: Classification;
beforeEach(async () => {
  run = await startClassification();
});
afterEach(() => run.close());

const labelled = (label: string) => completion({ content: JSON.stringify({ label }) });

/** Leaves the request hanging; resolves with its answer, still to be written, once it has come. */
function hang(): Promise<ServerResponse> {
  return new Promise((resolve) => run.openai.answerWith(resolve));
}

describe('the verdict', () => {
  test.each(labels)('is what the model says (%s), with the answer of the playbook', async (label) => {
    run.openai.answerWith(labelled(label));
    expect(await run.classify()).toEqual({ label, by: 'openai', parkMs: 1_000, answer: defaultAnswer(label) });
    expect(run.openai.requests).toHaveLength(1);
  });

  test('comes from the rules where there is no model', async () => {
    const verdict = await run.classify({ dependencies: { model: undefined } });
    expect(verdict).toEqual({ label: 'Agree', by: 'rules', parkMs: 1_000, answer: defaultAnswer('Agree') });
    expect(run.openai.requests).toHaveLength(0);
  });

  test.each(labels)('holds SMS_AUTO_REPLY_TEXT in place of the answer to %s', async (label) => {
    run.openai.answerWith(labelled(label));
    const verdict = await run.classify({ dependencies: { autoReply: { enabled: true, text: 'One for all' } } });
    expect(verdict).toEqual({ label, by: 'openai', parkMs: 1_000, answer: 'One for all' });
  });

  test.each([undefined, 'One for all'])('holds no answer while auto-reply is off (text: %s)', async (text) => {
    const verdict = await run.classify({ dependencies: { autoReply: { enabled: false, text } } });
    expect(verdict).toEqual({ label: 'Agree', by: 'openai', parkMs: 1_000, answer: null, silence: 'auto-reply-disabled' });
  });

  test('holds no answer where the playbook has none for the label, unless one text answers all', async () => {
    const playbook = unchanging(preparePlaybook({ ...defaultPlaybook, labels: { Agree: { meaning: 'yes', words: [], answers: null } } }));
    expect(await run.classify({ dependencies: { playbook } })).toEqual({ label: 'Agree', by: 'openai', parkMs: 1_000, answer: null, silence: 'no-answer-for-label' });
    expect(await run.classify({ dependencies: { playbook, autoReply: { enabled: true, text: 'One' } } })).toMatchObject({ answer: 'One' });
  });
});

describe('the log', () => {
  test('has a line for the start, with the link to the run, and one for the label', async () => {
    await run.classify();
    expect(run.events).toMatchObject([
      {
        event: 'message.processing',
        guid: 'test-001',
        run: `http://ui.test/test-001/${runId}`,
        msg: 'Processing SMS test-001 from +1******89',
      },
      { event: 'message.classified', guid: 'test-001', label: 'Agree', by: 'openai', msg: 'Message classified as: Agree' },
    ]);
  });

  test('never holds the text, the number or the key', async () => {
    await run.classify({ text: 'A secret affair' });
    for (const secret of ['secret affair', number, apiKey]) expect(JSON.stringify(run.events)).not.toContain(secret);
  });
});

describe('a classification that is cut short', () => {
  test('ends with its request when the worker is told to stop, and is to run again', async () => {
    const asked = hang();
    const failure = rejection(run.classify());
    const gone = once(await asked, 'close');
    run.stopping.abort();

    expect(await failure).toBeInstanceOf(ApplicationFailure);
    expect(await failure).toMatchObject({ type: 'WorkerStopping', nonRetryable: false, nextRetryDelay: '2s' });
    await gone;
    expect(run.openai.requests).toHaveLength(1);
  });

  test('is to run again, and not by the rules, even long after its window', async () => {
    const asked = hang();
    const failure = rejection(run.classify({ environment: anActivity({ firstFailedMsAgo: 3_600_000 }) }));
    await asked;
    run.stopping.abort();
    expect(await failure).toMatchObject({ type: 'WorkerStopping', nonRetryable: false });
  });

  test('asks no model where the worker was told to stop before', async () => {
    run.stopping.abort();
    expect(await rejection(run.classify())).toMatchObject({ type: 'WorkerStopping', nonRetryable: false });
    expect(run.openai.requests).toHaveLength(0);
  });

  test.each(['CANCELLED', 'WORKER_SHUTDOWN'] as const)('ends with its request and no verdict when it is cancelled (%s)', async (reason) => {
    const asked = hang();
    const environment = anActivity({ firstFailedMsAgo: 3_600_000 });
    const failure = rejection(run.classify({ environment }));
    const gone = once(await asked, 'close');
    environment.cancel(reason);

    expect(await failure).toBeInstanceOf(CancelledFailure);
    await gone;
    expect(run.events.map(({ event }) => event)).toEqual(['message.processing']);
  });

  test('ends in the middle of the answer too', async () => {
    const asked = hang();
    const failure = rejection(run.classify());
    const answer = await asked;
    const gone = once(answer, 'close');
    answer.writeHead(200, { 'content-type': 'application/json' }).write('{"id":');
    run.stopping.abort();

    expect(await failure).toMatchObject({ type: 'WorkerStopping' });
    await gone;
  });
});

test.each([
  ['with LOG_TEXTS', true, 1],
  ['without LOG_TEXTS', false, 0],
])('%s the text stands in the log %j, and at debug only', async (_how, logTexts, lines) => {
  await run.classify({ text: 'a private text', dependencies: { model: undefined, logTexts } });
  const shown = run.events.filter((event) => JSON.stringify(event).includes('a private text'));
  expect(shown).toHaveLength(lines);
  for (const { level } of shown) expect(level).toBe(20);
});

test('with a limit on sends the verdict says where they wait their turn', async () => {
  expect(await run.classify({ dependencies: { model: undefined, sendsOn: 'answerback-sends' } })).toMatchObject({ sendsOn: 'answerback-sends' });
  expect(await run.classify({ dependencies: { model: undefined } })).not.toHaveProperty('sendsOn');
});

describe('with a limit on the model', () => {
  const modelOn = 'answerback-classifications';

  test('a text is not labelled on the usual queue: it is to be asked for again where questions wait their turn', async () => {
    expect(await run.classify({ dependencies: { modelOn } })).toStrictEqual({ askOn: modelOn });
    expect(run.openai.requests).toHaveLength(0);
  });

  test('it is labelled there, and told of once in the log', async () => {
    run.openai.answerWith(labelled('Agree'));
    await run.classify({ dependencies: { modelOn } });
    expect(await run.classify({ dependencies: { modelOn }, environment: anActivity({ taskQueue: modelOn }) })).toMatchObject({ label: 'Agree', by: 'openai' });
    expect(run.events.map(({ event }) => event)).toEqual(['message.processing', 'message.classified']);
  });
});
