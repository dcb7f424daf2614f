import { describe, expect, it } from 'vitest';
import { documents, projectFiles, read } from '../../helpers/project-files.js';

/** Words and phrases that readers stumbled over, each with what to write instead. */
const banned: ReadonlyArray<readonly [RegExp, instead: string]> = [
  [/\bmend(s|ed|ing)?\b/i, 'fix, correct'],
  [/\bhears? of\b/i, 'reports, gets'],
  [/\bsurely\b/i, 'certainly'],
  [/\b(can|could)(not| not|n't) be had\b/i, 'is unavailable'],
  [/\banew\b/i, 'again'],
  [/\bkin\b/i, 'similar'],
  [/\b(some|no)body\b/i, 'name who it is, or use the passive'],
  [/\bis well\b(?! known)/i, 'is healthy'],
  [/\b(that|which) (is|are) to be\b/i, 'to …, must be'],
  [/\bshall\b/i, 'must, will'],
  [/\breckons?\b/i, 'uses, computes'],
  [/\b(re)?deliver(y|ies)\b/i, 'post, message; for a reply: send'],
  [/\b(an|the|its|each) answers?\b/i, 'response, template, reply'],
];

const maxReadmeWords = 1_500;

const tracked = projectFiles();
const under = (folders: RegExp, endings: RegExp) => tracked.filter((file) => folders.test(file) && endings.test(file));

/** What a person reads in a file: all of a page and of source (names, messages, comments); the comments of settings. */
const readBy = {
  page: (text: string) => text,
  settings: (text: string) => (text.match(/(?<=^|\s)#.*$/gm) ?? []).join('\n'),
};

/** This file names the words. */
const own = 'test/packaging/documentation/plain-words.test.ts';

const files: Array<[file: string, words: string]> = [
  ...[...documents, 'CHANGELOG.md', ...under(/^\.github\//, /\.(md|ya?ml)$/)].map(readAs('page')),
  ...under(/^(src|test|bench)\//, /\.(ts|js)$/)
    .filter((file) => file !== own)
    .map(readAs('page')),
  ...[...under(/^(deploy|playbooks)\//, /\.(ya?ml|sh)$/), '.env.example', 'docker-compose.yml', 'Dockerfile'].map(
    readAs('settings'),
  ),
];

function readAs(kind: keyof typeof readBy) {
  return (file: string): [string, string] => [file, readBy[kind](read(file))];
}

describe('plain words', () => {
  it('are checked in pages, source and the comments of settings', () => {
    expect(files.length).toBeGreaterThan(200);
    expect(readBy.settings('shall: 1 # mend\n# anew')).toBe('# mend\n# anew');
  });

  it.each(banned)('%s is not used: write "%s"', (pattern) => {
    const found = files.flatMap(([file, words]) =>
      words.split('\n').flatMap((line) => (pattern.test(line) ? [`${file}: ${line.trim()}`] : [])),
    );
    expect(found).toEqual([]);
  });

  it('the patterns do not match similar words', () => {
    for (const word of ['recommend', 'commend', 'skin', 'kind', 'is well known', 'shallow', 'leisurely'])
      expect(
        banned.filter(([pattern]) => pattern.test(word)),
        word,
      ).toEqual([]);
  });
});

it(`the README has at most ${maxReadmeWords} words`, () => {
  expect(read('README.md').split(/\s+/).length).toBeLessThan(maxReadmeWords);
});
