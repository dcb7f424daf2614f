import type { ApplicationFailure } from '@temporalio/common';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPostEvent, type PostEventOptions } from '../../src/activities/post-event.js';
import { type AttentionEvent, contactEvent } from '../../src/domain/event.js';
import { eventBackoff, eventRetryForMs } from '../../src/domain/waiting.js';
import { anActivity } from '../helpers/activity.js';
import { recordingLog } from '../helpers/logs.js';
import { aMessage } from '../helpers/messages.js';
import { eventsSecret, type Receiver, startReceiver } from '../helpers/receiver.js';

const at = '2026-11-29T10:15:00.000Z';
const message = aMessage({ from: '+15550001234', text: 'A person, please' });
const event = contactEvent(
  { message, guid: 'm.1', label: 'Other' },
  { state: 'handed-over', since: at, until: '2026-11-29T22:15:00.000Z', source: 'text', words: 'a person' },
);

let receiver: Receiver;
beforeEach(async () => void (receiver = await startReceiver()));
afterEach(() => receiver.close());

/** Tells the event in an attempt as it is given. Returns what the log and the metrics say, and the failure. */
async function told({
  settings,
  timeoutMs = 5_000,
  of = event,
  ...attempt
}: {
  settings?: Partial<NonNullable<PostEventOptions['receiver']>> | 'none';
  timeoutMs?: number;
  of?: AttentionEvent;
  attempt?: number;
  scheduledMsAgo?: number;
} = {}) {
  const { log, events } = recordingLog();
  const outcomes: string[] = [];
  const postEvent = createPostEvent({
    receiver: settings === 'none' ? undefined : { url: receiver.url, secret: eventsSecret, private: true, ...settings },
    timeoutMs,
    log,
    observer: { onTried: (type, outcome) => outcomes.push(`${type}: ${outcome}`) },
  });
  const done = anActivity(attempt).run(postEvent, of);
  const failure = await done.then(
    () => undefined,
    (error: unknown) => error as ApplicationFailure,
  );
  return { failure, events, outcomes };
}

describe('an event', () => {
  it('is told with its data, signed as Standard Webhooks has it', async () => {
    const { failure, events, outcomes } = await told();
    expect(failure).toBeUndefined();
    const [post] = receiver.received;
    expect(post?.method).toBe('POST');
    expect(post?.headers).toMatchObject({ 'content-type': 'application/json', 'webhook-id': 'm~1-handed-over' });
    expect(new Webhook(eventsSecret).verify(post?.body ?? '', post?.headers as Record<string, string>)).toEqual({
      type: 'contact.handed-over',
      timestamp: at,
      data: {
        guid: 'm.1',
        gateway: 'smsmobileapi',
        number: '+15550001234',
        label: 'Other',
        state: 'handed-over',
        until: '2026-11-29T22:15:00.000Z',
        source: 'text',
        text: 'A person, please',
        words: 'a person',
      },
    });
    expect(events).toMatchObject([{ event: 'event.told', type: 'contact.handed-over', attempt: 1 }]);
    expect(outcomes).toEqual(['contact.handed-over: told']);
  });

  it('that was changed on the way, or signed by another secret, does not verify', async () => {
    await told();
    const [{ body = '', headers } = {}] = receiver.received;
    const verify = (secret: string, text: string) => () =>
      new Webhook(secret).verify(text, headers as Record<string, string>);
    expect(verify(eventsSecret, body)).not.toThrow();
    expect(verify(eventsSecret, body.replace('1234', '1235'))).toThrow('No matching signature');
    expect(verify(`whsec_${Buffer.alloc(32, 8).toString('base64')}`, body)).toThrow('No matching signature');
  });

  it('keeps its id and its time at the next try, and is signed with the time of the try', async () => {
    receiver.respond = (response) => response.writeHead(500).end();
    await told();
    await told({ attempt: 2 });
    const [first, second] = receiver.received;
    expect(second?.body).toBe(first?.body);
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    expect(Math.abs(Number(second?.headers['webhook-timestamp']) - Date.now() / 1_000)).toBeLessThan(60);
  });
});

describe('a try that fails', () => {
  it.each([300, 400, 401, 404, 408, 422, 425, 429, 500, 502, 503])('with %s is retried', async (status) => {
    receiver.respond = (response) => response.writeHead(status).end();
    const { failure, events, outcomes } = await told();
    expect(failure).toMatchObject({ type: 'EventNotTold', nonRetryable: false });
    expect(events).toMatchObject([{ event: 'event.failed', isFinal: false }]);
    expect(outcomes).toEqual(['contact.handed-over: not-told']);
  });

  it('with 410 is the last one: the receiver wants no more events', async () => {
    receiver.respond = (response) => response.writeHead(410).end();
    const { failure, outcomes } = await told();
    expect(failure).toMatchObject({ type: 'EventFailed', nonRetryable: true, message: 'the receiver answered 410' });
    expect(outcomes).toEqual(['contact.handed-over: given-up']);
  });

  it('a day after the event is the last one', async () => {
    receiver.respond = (response) => response.writeHead(500).end();
    const almost = eventRetryForMs - 60_000;
    expect((await told({ scheduledMsAgo: almost })).failure).toMatchObject({ type: 'EventNotTold' });
    expect((await told({ scheduledMsAgo: eventRetryForMs })).failure).toMatchObject({ type: 'EventFailed' });
  });

  it('follows no redirect', async () => {
    const other = await startReceiver();
    receiver.respond = (response) => response.writeHead(307, { location: other.url }).end();
    const { failure } = await told();
    expect(failure?.message).toBe('the receiver answered 307');
    expect(receiver.received.length).toBe(1);
    expect(other.received).toEqual([]);
    await other.close();
  });

  it.each([
    ['60', 60_000],
    ['1', eventBackoff.firstWaitMs],
    ['7200', eventBackoff.maxWaitMs],
    ['soon', undefined],
  ])('and asks to wait %s s is retried then', async (retryAfter, waitMs) => {
    receiver.respond = (response) => response.writeHead(503, { 'retry-after': retryAfter }).end();
    expect((await told()).failure?.nextRetryDelay ?? undefined).toBe(waitMs);
  });

  it('without a response in time, or a connection, is retried', async () => {
    receiver.respond = () => {};
    expect((await told({ timeoutMs: 200 })).failure).toMatchObject({
      type: 'EventNotTold',
      message: 'no response, timed out after 200 ms',
    });
    await receiver.close();
    expect((await told()).failure).toMatchObject({ type: 'EventNotTold', message: 'no response, ECONNREFUSED' });
  });

  it('because EVENTS_URL is not set here is retried, for a worker that has it', async () => {
    expect((await told({ settings: 'none' })).failure).toMatchObject({
      type: 'EventNotTold',
      message: 'EVENTS_URL is not set at this worker',
    });
  });

  it.each(['localhost', '127.0.0.1', '[::1]'])('because it leads to %s names the setting', async (host) => {
    const url = receiver.url.replace('127.0.0.1', host);
    const { failure } = await told({ settings: { url, private: false } });
    expect(failure?.message).toContain('only EVENTS_PRIVATE=true allows');
    expect(receiver.received).toEqual([]);
  });

  it('says neither number nor text', async () => {
    receiver.respond = (response) => response.writeHead(500).end('about +15550001234: A person, please');
    const seen = JSON.stringify(await told(), (_, value: unknown) =>
      value instanceof Error ? { ...value, message: value.message } : value,
    );
    expect(seen).toContain('the receiver answered 500');
    expect(seen).not.toMatch(/555|person, please/);
  });
});
