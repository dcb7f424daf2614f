import { z } from 'zod';
import { rejectedMessages } from '../../gateways/rejected-messages.js';
import { type ProblemName, problemTypes } from '../../http/problem-types.js';
import { problemResponseBody, problemOf, problemMediaType, retryAfter } from '../../http/problem.js';

/** Problems of other listeners: the webhook never answers with them. */
const elsewhere: readonly ProblemName[] = ['invalid-body', 'foreign-page', 'too-many-pages', 'temporal-away'];
const names = (Object.keys(problemTypes) as ProblemName[]).filter((problem) => !elsewhere.includes(problem));
const componentOf = (problem: ProblemName) => `problem-${problem}`;

/** The schema of each problem, by component name. */
export const problemSchemas = Object.fromEntries(names.map((problem) => [componentOf(problem), schemaOf(problem)]));

function schemaOf(problem: ProblemName) {
  const { type, status, title } = problemOf(problem);
  const schema = problemResponseBody.extend({
    type: z.literal(type),
    status: z.literal(status),
    title: z.literal(title),
  });
  return problem === 'invalid-messages' ? schema.extend({ rejected: rejectedMessages.optional() }) : schema;
}

/** An example of each problem, by component name. */
export const problemExamples = Object.fromEntries(
  names.map((problem) => [componentOf(problem), { summary: problemTypes[problem].title, value: exampleOf(problem) }]),
);

function exampleOf(problem: ProblemName) {
  const rejected = [{ index: 0, reason: 'guid: Invalid input: expected string, received undefined' }];
  return { ...problemOf(problem), ...(problem === 'invalid-messages' ? { rejected } : {}) };
}

const headersOf = (challenge?: string): Partial<Record<ProblemName, object>> => ({
  'method-not-allowed': {
    Allow: {
      description: 'The methods of this path.',
      required: true,
      schema: { type: 'string' },
      example: 'HEAD, GET',
    },
  },
  unauthenticated: {
    'WWW-Authenticate': {
      description: 'How to authenticate.',
      required: true,
      schema: { type: 'string' },
      example: challenge,
    },
  },
  'not-accepted': {
    'Retry-After': {
      description: 'Post again after this many seconds.',
      required: true,
      schema: { type: 'integer', minimum: 1 },
      example: Number(retryAfter['Retry-After']),
    },
  },
});

/**
 * The OpenAPI responses for these problems, by status.
 *
 * @param challenge the value of WWW-Authenticate with a 401
 */
export function problemResponses(wanted: readonly ProblemName[], challenge?: string): Record<string, object> {
  const statuses = [...new Set(wanted.map((problem) => problemTypes[problem].status))].sort();
  return Object.fromEntries(
    statuses.map((status) => [
      status,
      problemResponse(
        wanted.filter((problem) => problemTypes[problem].status === status),
        challenge,
      ),
    ]),
  );
}

/** The OpenAPI response for problems of the same status. */
export function problemResponse(same: readonly ProblemName[], challenge?: string): object {
  const references = same.map((problem) => ({ $ref: `#/components/schemas/${componentOf(problem)}` }));
  const headers = Object.assign({}, ...same.map((problem) => headersOf(challenge)[problem])) as object;
  return {
    description: `${same.map((problem) => problemTypes[problem].title).join('; ')}.`,
    ...(Object.keys(headers).length > 0 ? { headers } : {}),
    content: {
      [problemMediaType]: {
        schema: references.length === 1 ? references[0] : { anyOf: references },
        examples: Object.fromEntries(
          same.map((problem) => [problem, { $ref: `#/components/examples/${componentOf(problem)}` }]),
        ),
      },
    },
  };
}
