import { describe, expect, it } from 'vitest';
import { anEvent, aPost } from '../../helpers/messages.js';
import { read } from './read.js';

describe('an event', () => {
  it('of a received text brings its message', () => {
    expect(
      read(
        anEvent({ guid: 'test-001', from: '+123456789', message: 'Yes, I agree', received_at: '2026-09-22T10:14:50Z' }),
      ),
    ).toEqual({
      messages: [
        {
          version: 1,
          id: 'test-001',
          line: 'd1',
          from: '+123456789',
          sender: '+123456789',
          text: 'Yes, I agree',
          acceptedAt: '2025-01-20T10:15:01.234Z',
          gateway: 'smsmobileapi',
          timeReceived: '2026-09-22T10:14:50Z',
        },
      ],
      rejected: [],
    });
  });

  it.each(['sms.sent', 'sms.failed', 'call.missed', 'whatsapp.received', 'SMS.RECEIVED', ''])(
    'of the type %j brings nothing, whatever it contains',
    (type) => {
      expect(read({ ...anEvent(), type })).toEqual({ messages: [], rejected: [] });
      expect(read({ id: 1, type, api_version: null, data: null })).toEqual({ messages: [], rejected: [] });
    },
  );

  it.each([
    [{ guid: undefined }, /^data\.guid: /],
    [{ from: '' }, /^data\.from: /],
    [{ message: 7 }, /^data\.message: /],
  ])('whose text is wrong with %j is rejected and kept', (data, reason) => {
    const event = anEvent(data);
    expect(read(event)).toEqual({
      messages: [],
      rejected: [{ index: 0, reason: expect.stringMatching(reason) as unknown, raw: JSON.stringify(event) }],
    });
  });

  it('without a known id or version still loses no text', () => {
    expect(read({ ...anEvent(), id: 7, api_version: ['x'] }).messages).toHaveLength(1);
  });

  it('is distinguished from a message that has a type and data itself', () => {
    expect(read({ ...aPost({ guid: 'g' }), type: 'sms.sent', data: {} }).messages).toMatchObject([{ id: 'g' }]);
  });
});
