import { describe, expect, it } from 'vitest';
import { failureTypes } from '../../src/domain/names.js';
import { anActivity } from '../helpers/activity.js';
import { noContacts } from '../helpers/contacts.js';
import { failed, gateway, number, recorded, replyRetryForMs, send, useGateway } from './reply-sending.js';

useGateway();

describe('before each try the contact is asked for', () => {
  it.each(['opted-out', 'paused', 'handed-over'] as const)('and a sender who is %s gets nothing', async (state) => {
    const asked: unknown[] = [];
    const contacts = { ...noContacts, stateOf: async (senders: readonly string[]) => (asked.push(senders), state) };
    for (const sending of [{}, { environment: anActivity({ attempt: 5 }) }, { released: true }])
      expect(await send({ ...sending, contacts })).toStrictEqual({ reply: 'skipped', reason: state });
    expect(asked).toEqual(Array(3).fill([number]));
    expect(gateway.sent.count).toBe(0);
  });

  it('and when all replies are paused, no reply is sent', async () => {
    const contacts = { ...noContacts, isEveryonePaused: async () => true };
    expect(await send({ contacts })).toStrictEqual({ reply: 'skipped', reason: 'paused' });
    expect(gateway.sent.count).toBe(0);
  });

  it('and when that is unknown, nothing is sent: it is tried again, and parked as failed in the end', async () => {
    const contacts = { ...noContacts, stateOf: () => Promise.reject(new Error(`unavailable for ${number}`)) };
    const failure = await failed(send({ contacts }), failureTypes.replyNotSent, { final: false });
    expect(failure.message).toBe('Temporal could not be asked about the sender');
    recorded.events.length = 0;
    const environment = anActivity({ attempt: 9, firstFailedMsAgo: replyRetryForMs });
    await failed(send({ contacts, environment }), failureTypes.replyFailed, { final: true });
    expect(gateway.sent.count).toBe(0);
  });

  it('but a confirmation is sent in any state', async () => {
    const contacts = { stateOf: async () => 'opted-out' as const, isEveryonePaused: async () => true };
    expect(await send({ contacts, despite: 'anything' })).toMatchObject({ reply: 'sent' });
    expect(gateway.sent.count).toBe(1);
  });
});
