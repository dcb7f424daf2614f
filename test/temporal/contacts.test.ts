import { Client } from '@temporalio/client';
import { describe, expect, it } from 'vitest';
import { contact as names } from '../../src/domain/names.js';
import { createContacts } from '../../src/temporal/contacts.js';
import { connectForTest, namespaceForTest } from '../helpers/suite-temporal.js';
import { eventually } from '../kit/eventually.js';
import {
  aContact,
  aNumber,
  aPause,
  contactKey,
  contacts,
  inTime,
  listed,
  openRuns,
  temporal,
  useContacts,
} from './contact-setup.js';

useContacts();

describe('a contact', () => {
  it('is remembered, found with all that is known, and forgotten', async () => {
    const contact = aContact({ run: 'test-001' });
    const { sender } = contact;
    expect([await contacts.find([sender]), await contacts.stateOf([sender])]).toEqual([undefined, undefined]);
    await contacts.optOut(contact);
    expect(await contacts.find([sender])).toEqual(contact);
    expect(await contacts.stateOf([sender])).toBe('opted-out');
    expect(await contacts.remove(sender)).toBe(true);
    expect([await contacts.find([sender]), await contacts.stateOf([sender])]).toEqual([undefined, undefined]);
    expect(await contacts.remove(sender)).toBe(false);
  });

  it('is found under the first of several identities that is remembered', async () => {
    const contact = aContact();
    await contacts.optOut(contact);
    expect(await contacts.stateOf([aNumber(), contact.sender])).toBe('opted-out');
    expect(await contacts.find([aNumber(), contact.sender])).toEqual(contact);
  });

  it('is replaced at once after its start, by an opt-out', async () => {
    const pause = aPause();
    await contacts.pause(pause);
    await contacts.optOut(aContact({ sender: pause.sender }));
    expect(await contacts.stateOf([pause.sender])).toBe('opted-out');
    await contacts.optOut(aContact({ sender: pause.sender, words: 'ARRET' }));
    expect(await contacts.find([pause.sender])).toMatchObject({ words: 'ARRET' });
    await eventually(async () => (await openRuns(pause.sender)) === 1);
  });

  it('is removed only when it is not newer than a time', async () => {
    const contact = aContact({ since: '2026-01-01T10:00:00.000Z' });
    await contacts.optOut(contact);
    expect(await contacts.remove(contact.sender, { before: contact.since })).toBe(false);
    expect(await contacts.find([contact.sender])).toEqual(contact);
    const later = { before: '2026-01-01T10:00:00.001Z' };
    expect(await contacts.remove(contact.sender, { ...later, state: 'handed-over' })).toBe(false);
    expect(await contacts.remove(contact.sender, later)).toBe(true);
    expect(await contacts.remove(contact.sender, later)).toBe(false);
  });

  it('is one, after 20 writers at the same moment', async () => {
    const sender = aNumber();
    await Promise.all(
      Array.from({ length: 20 }, (_, index) => contacts.optOut(aContact({ sender, words: `${index}` }))),
    );
    expect(await contacts.stateOf([sender])).toBe('opted-out');
    await eventually(async () => (await openRuns(sender)) === 1);
    expect(await contacts.remove(sender)).toBe(true);
    expect(await contacts.stateOf([sender])).toBe(undefined);
  });

  it('is listed by its state', async () => {
    const [optedOut, paused] = [aContact(), aPause()];
    await contacts.optOut(optedOut);
    await contacts.pause(paused);
    await eventually(async () => (await listed(contacts, 'opted-out')).includes(optedOut.sender));
    await eventually(async () => (await listed(contacts, 'paused')).includes(paused.sender));
    expect(await listed(contacts, 'opted-out')).not.toContain(paused.sender);
    expect(await listed(contacts)).toEqual(expect.arrayContaining([optedOut.sender, paused.sender]));
    await contacts.remove(optedOut.sender);
    await eventually(async () => !(await listed(contacts)).includes(optedOut.sender));
  });

  it('whose pause has ended is no longer found, and its workflow has completed', async () => {
    await temporal.withWorker({}, async () => {
      const pause = aPause({ until: inTime(2_000) });
      await contacts.pause(pause);
      expect(await contacts.stateOf([pause.sender])).toBe('paused');
      await eventually(async () => (await contacts.stateOf([pause.sender])) === undefined);
      expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(pause.until as string));
      expect(await contacts.find([pause.sender])).toBe(undefined);
      const handle = temporal.client.workflow.getHandle(names.workflowIdOf(contactKey(pause.sender)));
      expect((await handle.describe()).status.name).toBe('COMPLETED');
    });
  });

  it('whose pause has ended is not shown either while no worker runs', async () => {
    const pause = aPause({ until: inTime(1_000) });
    await contacts.pause(pause);
    await eventually(async () => (await contacts.find([pause.sender])) === undefined);
    expect(await openRuns(pause.sender)).toBe(1);
  });

  it('is seen by a process without the key that encrypted it', async () => {
    const key = { id: 'k1', key: Buffer.alloc(32, 1) };
    const sealing = await connectForTest(undefined, { payloadKeys: [key], taskQueue: temporal.taskQueue });
    const sealed = createContacts(sealing.client, [contactKey], { workflowQueue: temporal.taskQueue });
    const contact = aContact();
    await sealed.optOut(contact);
    expect(await contacts.stateOf([contact.sender])).toBe('opted-out');
    await expect(contacts.find([contact.sender])).rejects.toThrow('k1');
    expect(await sealed.find([contact.sender])).toEqual(contact);
    // The list is of the whole namespace, which other tests read too.
    expect(await contacts.remove(contact.sender)).toBe(true);
    await eventually(async () => (await openRuns(contact.sender)) === 0);
    await sealing.close();
  });
});

describe('a pause by an operator', () => {
  it('replaces a pause and a hand-over, and is ended', async () => {
    const { sender } = aPause();
    expect(await contacts.resume(sender)).toBe('none');
    await contacts.pause(aPause({ sender, state: 'handed-over' }));
    const longer = aPause({ sender, until: inTime(7_200_000) });
    for (const pause of [aPause({ sender }), longer]) expect(await contacts.pause(pause)).toBe(true);
    expect(await contacts.find([sender])).toEqual(longer);
    expect([await contacts.resume(sender), await contacts.resume(sender)]).toEqual(['resumed', 'none']);
    expect(await contacts.stateOf([sender])).toBe(undefined);
  });

  it('never ends an opt-out', async () => {
    const { sender } = aContact();
    await contacts.optOut(aContact({ sender }));
    expect([await contacts.pause(aPause({ sender })), await contacts.resume(sender)]).toEqual([false, 'opted-out']);
    expect(await contacts.stateOf([sender])).toBe('opted-out');
  });
});

describe('the pause of all replies', () => {
  it('is seen within a second or two, found, listed nowhere, and ended', async () => {
    const namespace = await namespaceForTest(temporal);
    const ofNamespace = createContacts(new Client({ connection: temporal.connection, namespace }), [contactKey]);
    expect([await ofNamespace.isEveryonePaused(), await ofNamespace.findEveryone()]).toEqual([false, undefined]);
    const pause = { since: new Date().toISOString(), until: inTime(3_600_000), source: 'operator' };
    await ofNamespace.pauseEveryone(pause);
    await eventually(() => ofNamespace.isEveryonePaused(), { withinMs: 5_000 });
    expect(await ofNamespace.findEveryone()).toEqual({ ...pause, state: 'paused', sender: '' });
    const other = aContact();
    await ofNamespace.optOut(other);
    await eventually(async () => (await listed(ofNamespace)).length > 0);
    expect(await listed(ofNamespace)).toEqual([other.sender]);
    expect([await ofNamespace.resumeEveryone(), await ofNamespace.resumeEveryone()]).toEqual([true, false]);
    await eventually(async () => !(await ofNamespace.isEveryonePaused()), { withinMs: 5_000 });
    expect(await ofNamespace.findEveryone()).toBe(undefined);
  });
});
