import type { Wrong } from '../yaml/read.js';
import { type Playbook, requestNames } from './playbook.js';
import { byLanguage, placeholder, requestTextsOf } from './requests.js';
import type { PlaybookFile } from './schema.js';
import { describeSegments, segmentsOf } from './segments.js';

/** Checks of `service` and `requests` what the schema can't check. */
export function validateRequests(file: PlaybookFile, playbook: Playbook, wrong: Wrong): void {
  const { language: own, segments, service } = playbook;
  const texts = textsOf(file, playbook);
  for (const { path, written, sent } of texts.filter(({ isOwn }) => isOwn)) {
    validatePlaceholders(written, file.service !== undefined, (what, index) => wrong(path, what, index));
    const count = segmentsOf(sent);
    if (count.segments > segments)
      wrong(
        path,
        `the text takes ${describeSegments(count)}: expected at most ${segments}; shorten it, or raise segments`,
      );
  }
  if (file.service === undefined) return;
  if (!Object.hasOwn(service, own))
    return wrong(['service'], `${own} is missing: expected the name in the language of the playbook`);
  // A name outside GSM-7 makes built-in texts too long. Only the longest is reported.
  const [longest] = texts
    .filter(({ isOwn }) => !isOwn)
    .map((text) => ({ ...text, count: segmentsOf(text.sent) }))
    .sort((a, b) => b.count.segments - a.count.segments);
  if (longest && longest.count.segments > segments)
    wrong(
      ['service'],
      `with this name, the built-in text for ${longest.request} in ${longest.language} takes ` +
        `${describeSegments(longest.count)}: expected at most ${segments}; ` +
        'shorten the name, write this text under requests, or raise segments',
    );
}

/** Lists the texts of all requests in all languages, and says which stand in the file itself. */
function textsOf(file: PlaybookFile, playbook: Playbook) {
  const sent = requestTextsOf(playbook);
  return requestNames.flatMap((request) => {
    const own = file.requests[request] ?? {};
    return Object.entries(playbook.requests[request]).map(([language, written]) => ({
      request,
      language,
      isOwn: Object.hasOwn(byLanguage(own, playbook.language), language),
      path: typeof own === 'string' ? ['requests', request] : ['requests', request, language],
      written,
      sent: sent[request].get(language) ?? '',
    }));
  });
}

function validatePlaceholders(text: string, isNamed: boolean, wrong: (what: string, index: number) => void): void {
  for (const { 0: found, index } of text.matchAll(/\{[^{}]*\}/g)) {
    if (found !== placeholder) wrong(`${found} is not known here: expected ${placeholder}, or no braces`, index);
    else if (!isNamed)
      wrong(`${placeholder} has no name: expected the key service, such as "service: Cafe Rosa"`, index);
  }
}
