import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createConsider } from '../../src/activities/consider.js';
import type { InboundMessage } from '../../src/domain/message.js';
import { openPlaybook } from '../../src/playbook/load.js';
import { anActivity } from '../helpers/activity.js';
import { silentLog } from '../helpers/logs.js';
import { aMessage, senderOf } from '../helpers/messages.js';
import { aText as phoneText, read as readPhone } from '../gateways/smsgate/posts.js';
import { aText as numberText, read as readNumber } from '../gateways/telnyx/posts.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'answerback-lines-'));
});
afterEach(() => rm(folder, { recursive: true }));

const put = (name: string, lines: string, reply: string) =>
  writeFile(
    path.join(folder, name),
    `lines: [${lines}]\nservice: ${reply}\notherwise: ${reply}\nlabels:\n  ${reply}: { meaning: all, templates: ${reply} }\n`,
  );

/** The texts that went to the model. */
let asked: string[];

async function decisionOn(
  message: InboundMessage,
  { withModel = false, text }: { withModel?: boolean; text?: string | undefined },
) {
  asked = [];
  const { consider, considerByModel } = createConsider({
    model: withModel
      ? async (words, { otherwise }) => {
          asked.push(words);
          return otherwise;
        }
      : undefined,
    playbook: await openPlaybook(folder, { senderOf, log: silentLog }),
    autoReply: { enabled: true, text },
    mayReply: () => true,
    replyMaxAgeMs: 1_000,
    parkMs: 1_000,
    stopping: new AbortController().signal,
    runUrl: () => '',
    log: silentLog,
  });
  const decision = await anActivity().run(consider, message);
  return decision === 'ask-model' ? anActivity().run(considerByModel, message) : decision;
}

const ofPhone = () => readPhone(phoneText({ recipient: '+12065550142' })).messages[0] as InboundMessage;
const ofNumber = () => readNumber(numberText()).messages[0] as InboundMessage;

describe('two gateways', () => {
  it.each([
    ['by the rules', false],
    ['by the model', true],
  ])('have a playbook each, %s', async (_how, withModel) => {
    await put('bakery.yaml', String(ofPhone().line), 'Bakery');
    await put('clinic.yaml', String(ofNumber().to), 'Clinic');
    const phone = await decisionOn(ofPhone(), { withModel });
    expect(phone).toMatchObject({ verdict: { label: 'Bakery' }, kind: 'reply', text: 'Bakery' });
    const number = await decisionOn(ofNumber(), { withModel });
    expect(number).toMatchObject({ verdict: { label: 'Clinic' }, kind: 'reply', text: 'Clinic' });
  });

  it('have the name of their service in the reply to STOP', async () => {
    await put('bakery.yaml', 'smsgate', 'Bakery');
    await put('clinic.yaml', 'telnyx', 'Clinic');
    for (const [message, service] of [
      [ofPhone(), 'Bakery'],
      [ofNumber(), 'Clinic'],
    ] as const)
      expect(await decisionOn({ ...message, text: 'STOP' }, {})).toMatchObject({
        contact: { to: 'opted-out' },
        text: expect.stringContaining(service) as string,
      });
  });
});

describe('a text on a line that no playbook serves', () => {
  beforeEach(() => put('bakery.yaml', 'smsgate', 'Bakery'));

  it.each([undefined, 'One for all'])('gets no reply (SMS_AUTO_REPLY_TEXT: %s), and goes to no model', async (text) => {
    const decision = await decisionOn(aMessage({ gateway: 'twilio' }), { withModel: true, text });
    expect(decision).toEqual({
      verdict: { label: 'Agree', by: 'rules' },
      kind: 'silent',
      reason: 'no-playbook-for-line',
    });
    expect(asked).toEqual([]);
  });

  it.each([
    ['STOP', 'opt-out'],
    ['START', 'start'],
    ['HELP', 'help'],
  ])('is heard when it is %s', async (text, label) => {
    expect(await decisionOn(aMessage({ gateway: 'twilio', text }), {})).toMatchObject({
      verdict: { label },
      kind: 'reply',
      text: expect.stringMatching(/this number/i) as string,
    });
  });
});
