import { phraseOf } from '../rules/normalize.js';
import { readYaml, type Wrong, YamlError } from '../yaml/read.js';
import type { Lines } from './lines.js';
import type { LabelRule, Playbook } from './playbook.js';
import { byLanguage, toRequests } from './requests.js';
import { type PlaybookFile, playbookFile } from './schema.js';
import { describeSegments, segmentsOf } from './segments.js';
import { validateRequests } from './validate-requests.js';

/** A playbook file has mistakes: all of them at once, each with its place. */
export class PlaybookError extends YamlError {
  override readonly name = 'PlaybookError';
}

/** The mistakes of several playbooks. */
export class PlaybooksError extends PlaybookError {
  constructor(errors: readonly PlaybookError[]) {
    super(
      '',
      errors.flatMap(({ mistakes }) => mistakes),
    );
    this.message = errors.map(({ message }) => message).join('\n');
  }
}

const form = {
  is: 'a playbook',
  schema: playbookFile,
  keysAt: ([section]: readonly unknown[]) =>
    section === undefined
      ? 'lines, otherwise, language, segments, service, requests or labels'
      : section === 'requests'
        ? 'stop, start, help or person'
        : 'meaning, counts_as, words, templates, handoff or silence',
  Failure: PlaybookError,
};

/**
 * Reads a playbook.
 *
 * @param file its name, for the errors
 * @param builtIn has the replies to requests that the file leaves out; absent for the built-in playbook itself
 * @param lines gets the lines that the playbook serves, and says which other file serves them already
 * @throws {PlaybookError} with every mistake, up to 20
 */
export function parsePlaybook(text: string, file: string, builtIn?: Playbook, lines?: Lines): Playbook {
  return readYaml(text, file, form, (parsed, wrong) => {
    const playbook = toPlaybook(parsed, builtIn);
    validate(playbook, wrong);
    validateRequests(parsed, playbook, wrong);
    if (lines) claimLines(playbook, file, lines, wrong);
    return playbook;
  });
}

function toPlaybook({ labels, service, requests, ...file }: PlaybookFile, builtIn?: Playbook): Playbook {
  const toRule = ({
    meaning,
    counts_as,
    words = [],
    handoff,
    templates,
  }: PlaybookFile['labels'][string]): LabelRule => ({
    meaning,
    ...(counts_as && { countsAs: counts_as }),
    words,
    ...(handoff && { handoff: handoff === 'true' ? 'begin' : 'end' }),
    templates: templates === undefined ? null : byLanguage(templates, file.language),
  });
  return {
    ...file,
    ...toRequests({ service, requests, language: file.language }, builtIn),
    labels: Object.fromEntries(Object.entries(labels).map(([name, rule]) => [name, toRule(rule)])),
  };
}

/** Checks what the schema can't check. */
function validate({ otherwise, language, segments, labels }: Playbook, wrong: Wrong): void {
  if (!Object.hasOwn(labels, otherwise))
    wrong(
      ['otherwise'],
      `${JSON.stringify(otherwise)} is not one of the labels: expected ${Object.keys(labels).join(', ')}`,
    );
  const counted = new Map<string, string>();
  const claimed = new Map<string, string>();
  for (const [name, { countsAs, words, templates }] of Object.entries(labels)) {
    const other = countsAs && counted.get(countsAs);
    if (other !== undefined)
      wrong(['labels', name, 'counts_as'], `${other} already counts as ${countsAs}: expected one label for each`);
    if (countsAs) counted.set(countsAs, name);
    words.forEach((word, index) =>
      validateWord(word, name, claimed, (what) => wrong(['labels', name, 'words', index], what)),
    );
    if (templates && !Object.hasOwn(templates, language))
      wrong(
        ['labels', name, 'templates'],
        `${language} is missing: expected a template in the language of the playbook`,
      );
    for (const [of, text] of Object.entries(templates ?? {})) {
      const count = segmentsOf(text);
      if (count.segments > segments) {
        const path = ['labels', name, 'templates', of];
        wrong(
          path,
          `the template takes ${describeSegments(count)}: expected at most ${segments}; shorten it, or raise segments`,
        );
      }
    }
  }
}

function claimLines({ lines: served }: Playbook, file: string, lines: Lines, wrong: Wrong): void {
  if (served === undefined) {
    const other = lines.claim(undefined, file);
    if (other !== undefined)
      wrong(
        [],
        `lines is missing, and ${other} has none either: expected lines in every playbook of the folder but one`,
      );
  }
  served?.forEach((line, index) => {
    const other = lines.claim(line, file);
    if (other !== undefined) wrong(['lines', index], `this is already a line of ${other}: expected each line once`);
  });
}

function validateWord(word: string, label: string, claimed: Map<string, string>, wrong: (what: string) => void): void {
  const phrase = phraseOf(word).join(' ');
  if (phrase === '') return wrong(`${JSON.stringify(word)} has no letter, digit or emoji: expected a word or phrase`);
  const other = claimed.get(phrase);
  if (other !== undefined)
    return wrong(`${JSON.stringify(word)} is already a word of ${other}: expected each word once`);
  claimed.set(phrase, label);
}
