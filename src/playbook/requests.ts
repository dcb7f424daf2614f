import { type ByLanguage, type Playbook, type RequestName } from './playbook.js';
import type { PlaybookFile } from './schema.js';

/** Stands for the name of the service in the replies to requests. */
export const placeholder = '{service}';

type RequestPart = Pick<Playbook, 'service' | 'requests'>;

/** Takes the name of the service and the replies to requests from a file; what it leaves out is the built-in. */
export function toRequests(
  { service, requests, language }: Pick<PlaybookFile, 'service' | 'requests' | 'language'>,
  builtIn?: RequestPart,
): RequestPart {
  return {
    service: service === undefined ? (builtIn?.service ?? {}) : byLanguage(service, language),
    requests: forEachRequest((request) => ({
      ...builtIn?.requests[request],
      ...byLanguage(requests[request] ?? {}, language),
    })),
  };
}

/**
 * Returns the replies to requests as they are sent, by language. The name of the service is that in the language of the
 * text, else that in the playbook's own language.
 */
export function requestTextsOf({ language: own, service, requests }: Playbook) {
  return forEachRequest(
    (request): ReadonlyMap<string, string> =>
      new Map(
        Object.entries(requests[request]).map(([language, text]) => {
          const name = service[language] ?? service[own] ?? '';
          return [language, text.trim().replaceAll(placeholder, () => name)];
        }),
      ),
  );
}

/** A text for all languages is in the playbook's own. */
export function byLanguage(texts: string | ByLanguage, language: string): ByLanguage {
  return typeof texts === 'string' ? { [language]: texts } : texts;
}

function forEachRequest<Value>(valueOf: (request: RequestName) => Value): Record<RequestName, Value> {
  return { stop: valueOf('stop'), start: valueOf('start'), help: valueOf('help'), person: valueOf('person') };
}
