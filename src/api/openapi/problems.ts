import { z } from 'zod';
import { challenge } from '../authentication.js';
import { type Fault, faults } from '../../http/faults.js';
import { problemAnswer, problemOf, problemType, retryAfter } from '../../http/problem.js';
import { rejectedMessages } from '../webhook.js';

/** Of the webhook's listener; the others have one of their own. */
const elsewhere: readonly Fault[] = ['invalid-body', 'foreign-page', 'too-many-pages', 'temporal-away'];
const names = (Object.keys(faults) as Fault[]).filter((fault) => !elsewhere.includes(fault));
const componentOf = (fault: Fault) => `problem-${fault}`;

/** A schema for each fault, by the name of its component. */
export const problemSchemas = Object.fromEntries(names.map((fault) => [componentOf(fault), schemaOf(fault)]));

function schemaOf(fault: Fault) {
  const { type, status, title } = problemOf(fault);
  const schema = problemAnswer.extend({ type: z.literal(type), status: z.literal(status), title: z.literal(title) });
  return fault === 'invalid-messages' ? schema.extend({ rejected: rejectedMessages.optional() }) : schema;
}

/** An example of each fault, by the name of its component. */
export const problemExamples = Object.fromEntries(names.map((fault) => [componentOf(fault), { summary: faults[fault].title, value: exampleOf(fault) }]));

function exampleOf(fault: Fault) {
  const rejected = [{ index: 0, reason: 'guid: Invalid input: expected string, received undefined' }];
  return { ...problemOf(fault), ...(fault === 'invalid-messages' ? { rejected } : {}) };
}

const headersOf: Partial<Record<Fault, object>> = {
  'method-not-allowed': { Allow: { description: 'The methods of this path.', required: true, schema: { type: 'string' }, example: 'HEAD, GET' } },
  unauthenticated: {
    'WWW-Authenticate': { description: 'What to prove, in short.', required: true, schema: { type: 'string' }, example: challenge['WWW-Authenticate'] },
  },
  'not-accepted': {
    'Retry-After': { description: 'Deliver again after so many seconds.', required: true, schema: { type: 'integer', minimum: 1 }, example: Number(retryAfter['Retry-After']) },
  },
};

/** The responses to these faults, by their statuses. */
export function problemResponses(wanted: readonly Fault[]): Record<string, object> {
  const statuses = [...new Set(wanted.map((fault) => faults[fault].status))].sort();
  return Object.fromEntries(statuses.map((status) => [status, problemResponse(wanted.filter((fault) => faults[fault].status === status))]));
}

/** The response to faults of the same status. */
export function problemResponse(same: readonly Fault[]): object {
  const references = same.map((fault) => ({ $ref: `#/components/schemas/${componentOf(fault)}` }));
  const headers = Object.assign({}, ...same.map((fault) => headersOf[fault])) as object;
  return {
    description: `${same.map((fault) => faults[fault].title).join('; ')}.`,
    ...(Object.keys(headers).length > 0 ? { headers } : {}),
    content: {
      [problemType]: {
        schema: references.length === 1 ? references[0] : { anyOf: references },
        examples: Object.fromEntries(same.map((fault) => [fault, { $ref: `#/components/examples/${componentOf(fault)}` }])),
      },
    },
  };
}
