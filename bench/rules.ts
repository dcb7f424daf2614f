import { performance } from 'node:perf_hooks';
import { compilePlaybook } from '../src/playbook/compile.js';
import { defaultPlaybookFile } from '../src/playbook/files.js';
import { readPlaybook } from '../src/playbook/read.js';
import { lexicon } from '../src/rules/lexicon.js';
import { median } from './report/statistics.js';
import { ms, table } from './report/table.js';

/**
 * `npm run bench:rules`: how long the rules take for the longest text, beside 25,000 words and phrases of a playbook,
 * the most that it may have. All begin with one letter, the worst case. The baseline is a playbook without words.
 */
const phrases = 25_000;
const characters = 40_000;
const runs = 15;

const inBase36 = (index: number) => index.toString(36).padStart(4, '0');
const playbooks = {
  'no words (baseline)': () => [],
  'words of one length': (index: number) => `late${inBase36(index * 67)}`,
  'words, each a slip of others': (index: number) => `late${inBase36(index)}`,
  'phrases with one first word': (index: number) => `latest ${inBase36(index * 67)} minutes`,
};
const texts = {
  'known words': (index: number) => `late${inBase36(index * 67)}`,
  'misspelt words': (index: number) => `laate${inBase36(index * 67)}`,
  'one first word': (index: number) => `latest ${inBase36(index * 67)} hours`,
  'unknown words': (index: number) => `leaving${inBase36(index * 7_919)}`,
};

const builtIn = await readPlaybook(defaultPlaybookFile);
const startedAt = performance.now();
lexicon();
console.log(`Reading the lexicon: ${ms(performance.now() - startedAt)} ms, once.\n`);

const rows = Object.entries(playbooks).map(([name, phraseOf]) => {
  const preparedAt = performance.now();
  const playbook = prepare(Array.from({ length: phrases }, (_, index) => phraseOf(index)).flat());
  const prepareMs = performance.now() - preparedAt;
  return [name, ms(prepareMs), ...Object.values(texts).map((wordOf) => ms(medianTime(playbook, longText(wordOf))))];
});
console.log(table([`milliseconds, median of ${runs}`, 'to prepare', ...Object.keys(texts)], rows));

function prepare(words: readonly string[]) {
  const labels = Object.fromEntries(
    Array.from({ length: 50 }, (_, label) => [
      `L${label}`,
      { meaning: '', words: words.filter((__, index) => index % 50 === label), templates: null },
    ]),
  );
  return compilePlaybook({ ...builtIn, otherwise: 'L0', language: 'en', segments: 1, labels });
}

function longText(wordOf: (index: number) => string): string {
  return Array.from({ length: characters / 8 }, (_, index) => wordOf(index))
    .join(' ')
    .slice(0, characters);
}

function medianTime(playbook: ReturnType<typeof prepare>, text: string): number {
  const times = Array.from({ length: runs }, () => {
    const from = performance.now();
    playbook.labelByRules(text);
    return performance.now() - from;
  });
  return median(times);
}
