import { describe, expect, it } from 'vitest';
import { parsePlaybook } from '../../src/playbook/parse.js';
import { compilePlaybook } from '../../src/playbook/compile.js';
import { signals } from '../../src/domain/names.js';
import { createSenderKeys } from '../../src/temporal/sender-key.js';
import { createSenderLimits } from '../../src/temporal/sender-limits.js';
import { noLimits, recordingTell } from '../helpers/contacts.js';
import { aMessage } from '../helpers/messages.js';
import { defaultPlaybook, unchanging } from '../helpers/playbook.js';
import { realActivities } from '../helpers/real-activities.js';
import { eventually } from '../kit/eventually.js';
import { testSecret } from '../kit/secret.js';
import { contacts, from, gateway, outcomeOf, sentTo, temporal, useTexting } from './texting.js';

const labels = `
otherwise: Other
labels:
  Complaint: { meaning: angry, words: [angry], handoff: true, templates: A person will write to you. }
  Solved: { meaning: settled, words: [solved], handoff: end, templates: Good to hear. }
  Thanks: { meaning: thanks, words: [thanks], silence: true }
  Other: { meaning: other, templates: Noted. }
`;

const { told, tell } = recordingTell();
useTexting((temporal, gatewayUrl) => {
  const playbook = unchanging(compilePlaybook(parsePlaybook(labels, 'labels.yaml', defaultPlaybook)));
  const allowSender = createSenderLimits(temporal.client, {
    limits: [{ replies: 5, withinMs: 600_000 }],
    senderKeys: createSenderKeys([testSecret]),
  });
  return realActivities(temporal, gatewayUrl, { playbook, limits: { ...noLimits, allowSender }, tell });
});

describe('a label with handoff', () => {
  it('gets its template once, and ends with a label that ends it', async () => {
    expect(await outcomeOf('I am angry')).toMatchObject({ verdict: { label: 'Complaint' }, reply: 'sent' });
    expect(await outcomeOf('Hello?')).toMatchObject({
      verdict: { label: 'Other' },
      reply: 'skipped',
      reason: 'handed-over',
    });
    expect(await outcomeOf('Still angry')).toMatchObject({ reply: 'skipped', reason: 'handed-over' });
    expect(await outcomeOf('solved')).toMatchObject({ reply: 'sent' });
    expect(await outcomeOf('Hello again')).toMatchObject({ reply: 'sent' });
    expect(sentTo(from)).toEqual(['A person will write to you.', 'Good to hear.', 'Noted.']);
  });

  it('never ends an opt-out, and its template is not sent to a sender who has opted out', async () => {
    await outcomeOf('STOP');
    expect(await outcomeOf('I am angry')).toMatchObject({ reply: 'skipped', reason: 'opted-out' });
    expect(await outcomeOf('solved')).toMatchObject({ reply: 'skipped', reason: 'opted-out' });
    expect(sentTo(from)).toHaveLength(1);
  });

  it('lasts from the last text on, also from one that gets no reply by its label', async () => {
    await outcomeOf('I am angry', { acceptedAt: new Date(Date.now() - 3_600_000).toISOString() });
    for (const text of ['Hello?', 'thanks']) {
      const before = Date.parse((await contacts().find([from]))?.until ?? '');
      const acceptedAt = new Date(before - 12 * 3_600_000 + 1_200_000).toISOString();
      await outcomeOf(text, { acceptedAt });
      expect(Date.parse((await contacts().find([from]))?.until ?? '') - before).toBe(1_200_000);
    }
  });
});

describe('a sender over a limit', () => {
  it('is told once that a person reads the text, and paused until resumed', async () => {
    for (let text = 1; text <= 5; text++) expect(await outcomeOf(`Text ${text}`)).toMatchObject({ reply: 'sent' });
    expect(await outcomeOf('Text 6')).toMatchObject({ reply: 'skipped', reason: 'sender-limit' });
    expect(await outcomeOf('Text 7')).toMatchObject({ reply: 'skipped', reason: 'paused' });
    expect(await outcomeOf('HELP')).toMatchObject({ reply: 'sent' });
    expect(sentTo(from)).toEqual([
      ...Array<string>(5).fill('Noted.'),
      defaultPlaybook.requestTemplate('person', 'en'),
      defaultPlaybook.requestTemplate('help', 'en'),
    ]);
    expect(await contacts().find([from])).toMatchObject({ state: 'paused', source: 'limit' });
    expect(told).toContainEqual(expect.objectContaining({ type: 'contact.paused', sender: from }));
  });

  it('is told once when many texts come at once', async () => {
    const outcomes = await Promise.all(Array.from({ length: 12 }, (_, text) => outcomeOf(`Text ${text}`)));
    const replied = outcomes.filter((outcome) => (outcome as { reply: string }).reply === 'sent').length;
    expect(replied).toBeGreaterThanOrEqual(1);
    expect(replied).toBeLessThanOrEqual(5);
    expect(sentTo(from)).toHaveLength(replied + 1);
  });
});

it('a parked reply is told', async () => {
  gateway.script([{ status: 400 }]);
  const message = aMessage({ from, text: 'Hello' });
  await temporal.startWorkflow(message);
  await eventually(async () => told.some(({ type, data }) => type === 'reply.parked' && data.guid === message.id));
  gateway.script([]);
  await temporal.client.workflow.getHandle(message.id).signal(signals.retryReply);
  expect(await temporal.client.workflow.getHandle(message.id).result()).toMatchObject({ reply: 'sent' });
});

it('a double gets its label and no reply, and is found as skipped', async () => {
  const double = aMessage({ from, doubleOf: 'the-first' });
  expect(await outcomeOf('Hello', double)).toMatchObject({ reply: 'skipped', reason: 'double of the-first' });
  await outcomeOf('STOP', { doubleOf: 'the-first' });
  expect(await contacts().find([from])).toMatchObject({ state: 'opted-out' });
  const query = `ReplyState = "skipped" AND WorkflowId = "${double.id}"`;
  await eventually(async () => (await temporal.client.workflow.count(query)).count === 1);
});
