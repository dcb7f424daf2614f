import { maxHeaderSize } from 'node:http';
import { z } from 'zod';
import { challenge } from '../authentication.js';
import { largestBodyBytes } from '../body.js';
import { deepest, mostMembers } from '../json.js';
import { type Fault, faults, problemAnswer, problemOf, problemType, retryAfter } from '../problem.js';
import { limits } from '../server.js';
import { rejectedMessages, webhookPath } from '../webhook.js';

/** What an answer may say of each fault. */
const details: Record<Fault, string> = {
  'bad-request': 'This is not HTTP/1.1 as RFC 9112 has it.',
  'body-cut-off': 'The body ended before its Content-Length.',
  'not-json': 'The body must be JSON in UTF-8.',
  'too-complex': `JSON may be ${deepest} levels deep and have ${mostMembers} members.`,
  unauthenticated: 'The request is not authenticated.',
  'not-found': `There is nothing here. The webhook is POST ${webhookPath}.`,
  'method-not-allowed': 'This method is not allowed here.',
  'too-slow': `Send the headers within ${limits.headersTimeout / 1_000} s and the whole request within ${limits.requestTimeout / 1_000} s.`,
  'body-too-large': `A body may have at most ${largestBodyBytes} bytes.`,
  'content-encoded': 'Send the body without a Content-Encoding.',
  'unknown-expectation': 'Only "100-continue" may be expected.',
  'invalid-messages': 'No message in the body is valid.',
  'headers-too-large': `Headers may have at most ${maxHeaderSize / 1_024} KiB together.`,
  unforeseen: 'Something went wrong here. Deliver the message again.',
  'not-accepted': 'The message could not be made safe in time. Deliver it again.',
  'not-ready': 'Not ready: the disk is full.',
};

const names = Object.keys(faults) as Fault[];
const componentOf = (fault: Fault) => `problem-${fault}`;

/** A schema for each fault, by the name of its component. */
export const problemSchemas = Object.fromEntries(names.map((fault) => [componentOf(fault), schemaOf(fault)]));

function schemaOf(fault: Fault) {
  const { type, status, title } = problemOf(fault, '');
  const schema = problemAnswer.extend({ type: z.literal(type), status: z.literal(status), title: z.literal(title) });
  return fault === 'invalid-messages' ? schema.extend({ rejected: rejectedMessages.optional() }) : schema;
}

/** An example of each fault, by the name of its component. */
export const problemExamples = Object.fromEntries(names.map((fault) => [componentOf(fault), { summary: faults[fault].title, value: exampleOf(fault) }]));

function exampleOf(fault: Fault) {
  const rejected = [{ index: 0, reason: 'guid: Invalid input: expected string, received undefined' }];
  return { ...problemOf(fault, details[fault]), ...(fault === 'invalid-messages' ? { rejected } : {}) };
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
