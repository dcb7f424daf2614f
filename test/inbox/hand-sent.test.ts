import { expect, it } from 'vitest';
import type { HandSent } from '../../src/domain/hand-sent.js';
import { senderToErase } from '../../src/domain/sender.js';
import { senderOf } from '../helpers/messages.js';
import { eventually } from '../kit/eventually.js';
import { allForwarded, inbox, reopen, rows, start, useForwarder } from './forwarder-setup.js';

useForwarder();

const number = '+15550001234';
const handSent: HandSent = {
  handSent: true,
  id: 'httpsms.1',
  gateway: 'httpsms',
  from: number,
  sender: number,
  acceptedAt: new Date().toISOString(),
};
const accept = () => inbox.accept({ messages: [], rejected: [], handSent: [handSent] });

it('a text by hand is durable before the post is accepted, and forwarded once', async () => {
  await accept();
  await reopen();
  expect(inbox.status().depth).toBe(1);
  const taken: HandSent[] = [];
  start({ takeOver: async (one) => void taken.push(one) });
  await allForwarded();
  expect(taken).toEqual([handSent]);
  await eventually(async () => rows().length === 0);
});

it('an erasure of its addressee erases it', async () => {
  await accept();
  const { guids } = await inbox.erase(senderToErase(number, senderOf), async () => {});
  expect(guids).toEqual(['httpsms.1']);
  expect(inbox.status().depth).toBe(0);
});
