import { expect, it } from 'vitest';
import type { HandSent } from '../../src/domain/hand-sent.js';
import { handedOverMs } from '../../src/domain/waiting.js';
import { createTakeOver } from '../../src/temporal/take-over.js';
import { recordingLog } from '../helpers/logs.js';
import { aContact, aNumber, aPause, contactKey, contacts, inTime, temporal, useContacts } from './contact-setup.js';

useContacts();

const aHandSent = (more: Partial<HandSent> = {}): HandSent => {
  const number = aNumber();
  const acceptedAt = new Date().toISOString();
  return { handSent: true, id: 'httpsms.1', gateway: 'httpsms', from: number, sender: number, acceptedAt, ...more };
};

function taking() {
  const { log, events } = recordingLog();
  const { client, taskQueue } = temporal;
  return { takeOver: createTakeOver(client, [contactKey], { log, taskQueue }), events };
}

it('a text by hand hands its addressee over for 12 hours, and the same one again changes nothing', async () => {
  const { takeOver, events } = taking();
  const handSent = aHandSent();
  await takeOver(handSent);
  await takeOver(handSent);
  const until = new Date(Date.parse(handSent.acceptedAt) + handedOverMs).toISOString();
  const handedOver = { state: 'handed-over', since: handSent.acceptedAt, until, forMs: handedOverMs };
  expect(await contacts.find([handSent.sender])).toMatchObject({ ...handedOver, source: 'httpsms' });
  expect(events).toMatchObject([{ event: 'contact.changed', guid: 'httpsms.1', to: 'handed-over' }]);
  expect(JSON.stringify(events)).not.toContain(handSent.sender);
});

it.each([
  ['an opt-out', () => aContact()],
  ['a longer pause', () => aPause({ until: inTime(2 * handedOverMs) })],
])('it leaves %s', async (_what, make) => {
  const kept = make();
  await (kept.state === 'opted-out' ? contacts.optOut(kept) : contacts.pause(kept));
  await taking().takeOver(aHandSent({ from: kept.sender, sender: kept.sender }));
  expect(await contacts.find([kept.sender])).toMatchObject({ state: kept.state, since: kept.since });
});

it('it replaces a shorter pause', async () => {
  const pause = aPause();
  await contacts.pause(pause);
  await taking().takeOver(aHandSent({ from: pause.sender, sender: pause.sender }));
  expect(await contacts.find([pause.sender])).toMatchObject({ state: 'handed-over' });
});

it('one that was forwarded 12 hours late changes nothing', async () => {
  const handSent = aHandSent({ acceptedAt: inTime(-handedOverMs - 1_000) });
  await taking().takeOver(handSent);
  expect(await contacts.find([handSent.sender])).toBeUndefined();
});
