import { describe, expect, it, onTestFinished } from 'vitest';
import { createSendReply } from '../../src/activities/send-reply.js';
import { installation } from '../../src/domain/names.js';
import type { Secrets } from '../../src/process/installation-secret.js';
import { createContacts } from '../../src/temporal/contacts.js';
import { createSenderKeys } from '../../src/temporal/sender-key.js';
import { anActivity, runId } from '../helpers/activity.js';
import { ask, noLimits } from '../helpers/contacts.js';
import { silentLog } from '../helpers/logs.js';
import { aMessage } from '../helpers/messages.js';
import { eventually } from '../kit/eventually.js';
import { startProgram } from '../kit/program.js';
import { testSecret as old } from '../kit/secret.js';
import { aNamespace, contact, json, listed, useContacts } from './contact-setup.js';

useContacts();

const fresh = 'the-new-secret-of-this-test-suite';
const orders: Secrets[] = [
  [old, fresh],
  [fresh, old],
];

/** A namespace, and what a process with some secrets does there. */
async function anInstallation() {
  const { env, client } = await aNamespace();
  const of = (...secrets: Secrets) => createContacts(client, createSenderKeys(secrets));
  return {
    of,
    envOf: (...secrets: string[]) => ({ ...env, ANSWERBACK_SECRET: secrets.join(',') }),
    /** What an operator does who has lost the secret. */
    forgetSecret: () =>
      client.workflowService.deleteWorkflowExecution({
        namespace: client.options.namespace,
        workflowExecution: { workflowId: installation.workflowId },
      }),
    /** Tries to send a reply, as a worker with these secrets does. */
    replyBy: (secrets: Secrets, from: string) => {
      const sendReply = createSendReply({
        outbound: { name: 'test', send: async () => ({}) },
        replyRetryForMs: 1_000,
        isAskedSince: async () => false,
        ask,
        contacts: of(...secrets),
        limits: noLimits,
        log: silentLog,
      });
      const message = aMessage({ from, sender: from });
      const authority = { send: 1, maxAgeMs: 86_400_000, firstRunId: runId, startedAtMs: 0 };
      return anActivity().run(sendReply, message, 'thanks', authority);
    },
  };
}

const optedOut = { reply: 'skipped', reason: 'opted-out' };
const stopOf = (sender: string) =>
  ({ state: 'opted-out', sender, since: new Date().toISOString(), source: 'text', words: 'STOP' }) as const;
const now = () => ({ before: new Date().toISOString() });

describe('ANSWERBACK_SECRET is changed in four steps', () => {
  it('and opt-outs survive each of them, with no reply at any', { timeout: 120_000 }, async () => {
    const { of, envOf, replyBy } = await anInstallation();
    const [early, first, second, third, started, none] = Array.from(
      { length: 6 },
      (_, index) => `+1212555077${index}`,
    ) as [string, string, string, string, string, string];
    await contact(`opt-out ${early}`, envOf(old));
    await contact(`opt-out ${started}`, envOf(old));
    expect(await replyBy([old], early)).toEqual(optedOut);
    expect((await contact('list', envOf(fresh))).stderr).toContain('A new secret needs the earlier one after it');

    await of(old, fresh).optOut(stopOf(first));
    for (const secrets of [...orders, [old]] as Secrets[])
      for (const sender of [early, first]) expect(await replyBy(secrets, sender)).toEqual(optedOut);

    await of(fresh, old).optOut(stopOf(second));
    await of(old, fresh).optOut(stopOf(third));
    expect(await of(fresh, old).remove(started, now())).toBe(true);
    for (const secrets of orders) {
      for (const sender of [early, first, second, third]) expect(await replyBy(secrets, sender)).toEqual(optedOut);
      for (const sender of [started, none]) expect(await replyBy(secrets, sender)).toEqual({ reply: 'sent' });
    }

    await eventually(async () => (await listed('', envOf(fresh, old))).length === 4);
    await contact(`resume ${none}`, envOf(fresh, old));
    expect((await contact('list', envOf(old))).stderr).toContain('must have the new secret too');
    expect((await contact('list', envOf(fresh))).stderr).toContain('must have the earlier secret too');
    expect(await json('rekey', envOf(fresh, old))).toEqual({ moved: 3 });
    for (const secrets of [...orders, [fresh]] as Secrets[])
      for (const sender of [early, first, second, third]) expect(await replyBy(secrets, sender)).toEqual(optedOut);

    expect(await contact('list', envOf(old))).toMatchObject({
      stderr: expect.stringContaining('"answerback contact rekey" has replaced this one') as string,
      exitCode: 2,
    });
    expect(await listed('', envOf(fresh))).toHaveLength(4);
    expect(await replyBy([fresh], started)).toEqual({ reply: 'sent' });
    expect((await contact('rekey', envOf(fresh))).stdout).toBe(
      'Moved to the first secret: 0. No contact is kept under another one\n',
    );
  });

  it('and a late STOP under the old secret is moved by the next rekey', { timeout: 120_000 }, async () => {
    const { of, envOf, replyBy } = await anInstallation();
    const number = '+12125550881';
    expect(await json('rekey', envOf(fresh, old))).toEqual({ moved: 0 });
    expect(await contact('rekey', envOf(old, fresh))).toMatchObject({
      stderr: expect.stringContaining('is one that was replaced: put the new one first, and run this again') as string,
      exitCode: 1,
    });
    await of(old, fresh).optOut(stopOf(number));
    await eventually(async () => (await listed('', envOf(fresh, old))).length === 1);
    expect(await json('rekey', envOf(fresh, old))).toEqual({ moved: 1 });
    expect(await replyBy([fresh], number)).toEqual(optedOut);
  });
});

it('a rekey that is killed has lost nothing, and the next one does the rest', { timeout: 240_000 }, async () => {
  const { of, envOf } = await anInstallation();
  const numbers = Array.from({ length: 12 }, (_, index) => `+121255509${10 + index}`);
  await Promise.all(numbers.map((number) => of(old).optOut(stopOf(number))));
  await eventually(async () => (await listed('', envOf(old))).length === 12);

  const movedOnes = async () => {
    const states = await Promise.all(numbers.map((number) => of(fresh).stateOf([number])));
    return states.filter(Boolean).length;
  };
  const rekey = ['dist/cli/main.js', 'contact', 'rekey', '--rate', '1'];
  const { child, exitCode } = startProgram(process.execPath, rekey, envOf(fresh, old));
  onTestFinished(() => void child.kill('SIGKILL'));
  await eventually(async () => (await movedOnes()) > 1, { withinMs: 60_000 });
  child.kill('SIGKILL');
  await exitCode;
  expect(await movedOnes()).toBeLessThan(12);
  for (const secrets of orders)
    for (const number of numbers) expect(await of(...secrets).stateOf([number])).toBe('opted-out');

  await json('rekey', envOf(fresh, old));
  expect(await movedOnes()).toBe(12);
  for (const number of numbers) expect(await of(old).stateOf([number])).toBe(undefined);
});

it('contacts of a lost secret are moved with only the new one', { timeout: 120_000 }, async () => {
  const { of, envOf, forgetSecret } = await anInstallation();
  const number = '+12125550999';
  await of(old).optOut(stopOf(number));
  await eventually(async () => (await listed('', envOf(old))).length === 1);
  expect((await contact('rekey', envOf(fresh))).exitCode).toBe(2);
  await forgetSecret();
  await eventually(async () => (await contact('list', envOf(fresh))).exitCode === 0);
  expect(await json('rekey', envOf(fresh))).toEqual({ moved: 1 });
  expect(await of(fresh).stateOf([number])).toBe('opted-out');
  expect((await contact('list', envOf(old))).stderr).toContain('belongs to another one');
});
