import { expect, it } from 'vitest';
import { contactEvent, limitEvent, parkedEvent } from '../../../src/domain/event.js';
import { aMessage } from '../../helpers/messages.js';
import { read } from '../../helpers/project-files.js';

const page = read('docs/events.md');
const at = '2026-11-29T10:15:00.000Z';
const subject = { message: aMessage({ line: 'phone-2' }), guid: 'a-guid', label: 'person' };
const contact = { since: at, until: at, source: 'text', words: 'a person' };

const events = [
  ...(['opted-out', 'handed-over', 'paused', 'unreachable'] as const).map((state) =>
    contactEvent(subject, { ...contact, state }),
  ),
  parkedEvent(subject, { time: 1, at, parkedAs: 'failed', reason: 'refused' }),
  ...(['near', 'reached'] as const).map((reached) => limitEvent(reached, { period: 'a-day', at, sent: 1, limit: 2 })),
];

/** The names in the first column of the table below a heading. */
const namesIn = (heading: string) =>
  (page.split(heading)[1]?.split('\n## ')[0] ?? '')
    .split('\n')
    .flatMap((line) => /^\| (`.+?`) \|/.exec(line)?.[1]?.match(/[\w.-]+/g) ?? []);

it('docs/events.md names every type of event, and every field', () => {
  const fields = events.flatMap(({ data, texts }) => Object.keys({ ...data, ...texts }));
  expect(new Set(namesIn('## What is sent'))).toEqual(
    new Set([...events.map(({ type }) => type), 'type', 'timestamp', ...fields]),
  );
});

it('docs/events.md has an example with the fields of its type', () => {
  const [, json = ''] = /```json\n([\s\S]+?)```/.exec(page) ?? [];
  const example = JSON.parse(json) as { type: string; timestamp: string; data: Record<string, unknown> };
  const event = events.find(({ type }) => type === example.type);
  expect(Object.keys(example.data)).toEqual(Object.keys(event?.data ?? {}));
  expect(new Date(example.timestamp).toISOString()).toBe(example.timestamp);
});
