import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compilePlaybook } from '../../src/playbook/compile.js';
import { anActivity, rejection, runId } from '../helpers/activity.js';
import { apiKey, type Classification, number, replyWith, silentBy, startClassification } from './consider-setup.js';
import { completion, fault } from '../helpers/fake-openai.js';
import { defaultTemplate, defaultPlaybook, labels, unchanging } from '../helpers/playbook.js';
import { failureTypes } from '../../src/domain/names.js';

let run: Classification;
beforeEach(async () => {
  run = await startClassification();
});
afterEach(() => run.close());

const labelled = (label: string) => completion({ content: JSON.stringify({ label }) });

/** Leaves the request hanging; resolves with its response, not yet written, once the request has arrived. */
function hang(): Promise<ServerResponse> {
  return new Promise((resolve) => run.openai.answerWith(resolve));
}

describe('the decision', () => {
  it.each(labels)('is the label of the model (%s), with the template of the playbook', async (label) => {
    run.openai.answerWith(labelled(label));
    expect(await run.consider()).toEqual(replyWith(defaultTemplate(label), { label, by: 'openai' }));
    expect(run.openai.requests).toHaveLength(1);
  });

  it('comes from the rules without a model', async () => {
    const decision = await run.consider({ options: { model: undefined } });
    expect(decision).toEqual(replyWith(defaultTemplate('Agree'), { label: 'Agree', by: 'rules' }));
    expect(run.openai.requests).toHaveLength(0);
  });

  it.each(labels)('has SMS_AUTO_REPLY_TEXT instead of the template of %s', async (label) => {
    run.openai.answerWith(labelled(label));
    const decision = await run.consider({ options: { autoReply: { enabled: true, text: 'One for all' } } });
    expect(decision).toEqual(replyWith('One for all', { label, by: 'openai' }));
  });

  it.each([undefined, 'One for all'])('has no template while auto-reply is off (text: %s)', async (text) => {
    const decision = await run.consider({ options: { autoReply: { enabled: false, text } } });
    expect(decision).toEqual(silentBy('auto-reply-disabled', { label: 'Agree', by: 'openai' }));
  });

  it('has no template where the playbook has none for the label, unless one text replies to all', async () => {
    const playbook = unchanging(
      compilePlaybook({ ...defaultPlaybook, labels: { Agree: { meaning: 'yes', words: [], templates: null } } }),
    );
    expect(await run.consider({ options: { playbook } })).toEqual(
      silentBy('no-template-for-label', { label: 'Agree', by: 'openai' }),
    );
    expect(await run.consider({ options: { playbook, autoReply: { enabled: true, text: 'One' } } })).toMatchObject({
      text: 'One',
    });
  });
});

describe('the log', () => {
  it('has a line for the start, with the link to the run, and one for the label', async () => {
    await run.consider();
    expect(run.events).toMatchObject([
      {
        event: 'message.started',
        guid: 'test-001',
        run: `http://ui.test/test-001/${runId}`,
        msg: 'Processing SMS test-001 from +1******89',
      },
      {
        event: 'message.classified',
        guid: 'test-001',
        label: 'Agree',
        by: 'openai',
        msg: 'Message classified as: Agree',
      },
    ]);
  });

  it('never holds the text, the number or the key', async () => {
    await run.consider({ text: 'A secret affair' });
    for (const secret of ['secret affair', number, apiKey]) expect(JSON.stringify(run.events)).not.toContain(secret);
  });
});

describe('an interrupted classification', () => {
  it('ends its request when the worker stops, and is retried', async () => {
    const asked = hang();
    const failure = rejection(run.consider());
    const gone = once(await asked, 'close');
    run.stopping.abort();

    expect(await failure).toBeInstanceOf(ApplicationFailure);
    expect(await failure).toMatchObject({
      type: failureTypes.workerStopping,
      nonRetryable: false,
      nextRetryDelay: '2s',
    });
    await gone;
    expect(run.openai.requests).toHaveLength(1);
  });

  it('is retried, and not by the rules, even long after its window', async () => {
    const asked = hang();
    const failure = rejection(run.consider({ environment: anActivity({ firstFailedMsAgo: 3_600_000 }) }));
    await asked;
    run.stopping.abort();
    expect(await failure).toMatchObject({ type: failureTypes.workerStopping, nonRetryable: false });
  });

  it('asks no model when the worker is already stopping', async () => {
    run.stopping.abort();
    expect(await rejection(run.consider())).toMatchObject({ type: failureTypes.workerStopping, nonRetryable: false });
    expect(run.openai.requests).toHaveLength(0);
  });

  it.each(['CANCELLED', 'WORKER_SHUTDOWN'] as const)(
    'ends with its request and no verdict when it is cancelled (%s)',
    async (reason) => {
      const asked = hang();
      const environment = anActivity({ firstFailedMsAgo: 3_600_000 });
      const failure = rejection(run.consider({ environment }));
      const gone = once(await asked, 'close');
      environment.cancel(reason);

      expect(await failure).toBeInstanceOf(CancelledFailure);
      await gone;
      expect(run.events.map(({ event }) => event)).toEqual(['message.started']);
    },
  );

  it('also ends in the middle of the response', async () => {
    const asked = hang();
    const failure = rejection(run.consider());
    const answer = await asked;
    const gone = once(answer, 'close');
    answer.writeHead(200, { 'content-type': 'application/json' }).write('{"id":');
    run.stopping.abort();

    expect(await failure).toMatchObject({ type: failureTypes.workerStopping });
    await gone;
  });
});

it.each([
  ['with LOG_TEXTS', true, 1],
  ['without LOG_TEXTS', false, 0],
])('%s the text is in the log %j, and at debug only', async (_how, logTexts, lines) => {
  await run.consider({ text: 'a private text', options: { model: undefined, logTexts } });
  const shown = run.events.filter((event) => JSON.stringify(event).includes('a private text'));
  expect(shown).toHaveLength(lines);
  for (const { level } of shown) expect(level).toBe(20);
});

it('a bug in the rules after the model failed is not retried for ever, and hides its message', async () => {
  run.openai.answerWith(fault(401));
  const playbook = async () => ({
    ...defaultPlaybook,
    labelByRules: (words: string): never => {
      throw new RangeError(`can't read ${words}`);
    },
  });
  for (const [attempt, nonRetryable] of [
    [1, false],
    [3, true],
  ] as const) {
    const failure = await rejection(
      run.consider({ text: 'secret', options: { playbook }, environment: anActivity({ attempt }) }),
    );
    expect(failure).toMatchObject({ type: failureTypes.considerFailed, nonRetryable });
    expect((failure as Error).message).toBe('the rules failed with an unexpected RangeError');
  }
});
