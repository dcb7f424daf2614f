import { describe, expect, it } from 'vitest';

/** The page's own modules, as the browser runs them: they have no types. */
const load = async <Exports>(name: string) =>
  (await import(new URL(`../../../src/demo/phone/page/${name}`, import.meta.url).href)) as Exports;
const { contactWords } = await load<{
  contactWords: (contact?: object) => { words: string; canResume: boolean } | undefined;
}>('contact-words.js');
const { standing } = await load<{ standing: (entry: object) => { title: string; detail?: string } }>('words.js');

const inMs = (ms: number) => new Date(Date.now() + ms).toISOString();

describe('the strip', () => {
  it.each<[object, RegExp, boolean]>([
    [{ state: 'opted-out', source: 'text' }, /^Opted out since [\d:]+.*\. Write START to get replies again\.$/, false],
    [{ state: 'opted-out', source: 'old system' }, /^Opted out since [\d:]+[^(]*\. Write START/, false],
    [{ state: 'opted-out', source: 'constructor' }, /^Opted out since [\d:]+[^(]*\. Write START/, false],
    [{ state: 'handed-over', source: 'text', until: inMs(3_600_000) }, /^Handed over to a person until [\d:]+/, true],
    [{ state: 'paused', source: 'limit', until: inMs(600_000) }, /^Paused until [\d:]+.* \(too many texts\)\.$/, true],
    [{ state: 'paused', source: 'operator', until: inMs(600_000) }, /^Paused until .* \(by the operator\)\.$/, true],
    [{ state: 'paused', source: 'operator' }, /^Paused \(by the operator\)\.$/, true],
    [{ state: 'everyone-paused', until: inMs(600_000) }, /^All automatic replies are paused until [\d:]+/, false],
  ])('says of %j what happens and what ends it', (contact, words, canResume) => {
    const said = contactWords({ since: inMs(-60_000), ...contact });
    expect(said?.words).toMatch(words);
    expect(said?.canResume).toBe(canResume);
  });

  it('has a date where the time is more than a day away', () => {
    expect(contactWords({ state: 'opted-out', since: '2020-05-06T12:00:00.000Z' })?.words).toContain('2020');
    expect(contactWords({ state: 'opted-out', since: inMs(-60_000) })?.words).not.toMatch(/\d{4}/);
  });

  it('says nothing where nothing is remembered', () => {
    expect(contactWords({ sender: '1', state: null })).toBeUndefined();
    expect(contactWords()).toBeUndefined();
  });
});

it.each([
  ['opted-out', 'Because the sender has opted out.'],
  ['paused', 'Because replies are paused.'],
  ['handed-over', 'Because a person takes over.'],
  ['unreachable', "Because the provider says that the number can't get texts."],
  ['sender-limit', 'Because the sender has got too many replies in a short time.'],
  ['day-limit', 'Because the limit of replies for today is reached.'],
  ['sender-denied', 'Because the sender is on the deny list.'],
  ['double of test-001', 'Because it repeats a text that came just before.'],
  ['something-new', 'Because something-new.'],
])('a text without a reply says why: %s', (reason, detail) => {
  const run = { state: 'done', outcome: { reply: 'skipped', reason } };
  expect(standing({ post: 'accepted', run })).toEqual({ tone: 'quiet', title: 'No reply', detail });
});
