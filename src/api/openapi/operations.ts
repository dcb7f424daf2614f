import { z } from 'zod';
import type { ProblemName } from '../../http/problem-types.js';
import { problemResponses } from './problems.js';
import { schemaReference } from './schemas.js';
import type { RouteDescription } from '../../gateways/gateway.js';

/** Problems that any request can get. */
const anywhere: ProblemName[] = ['bad-request', 'too-slow', 'unknown-expectation', 'headers-too-large', 'unforeseen'];
const ofPosts: ProblemName[] = [
  'body-cut-off',
  'not-json',
  'too-complex',
  'unauthenticated',
  'body-too-large',
  'content-encoded',
  'invalid-messages',
  'not-accepted',
];

function receive(operationId: string, webhook: RouteDescription) {
  const { idSuffix, postType = 'application/json', postExamples, acknowledgementExamples, challenge } = webhook;
  const { acknowledgement } = webhook;
  const isText = acknowledgement instanceof z.ZodString || acknowledgement instanceof z.ZodLiteral;
  const acknowledgementType = isText ? 'text/xml' : 'application/json';
  const accepted = {
    description: 'Every valid message is stored durably. Post again until you get a 200.',
    content: {
      [acknowledgementType]: { schema: schemaReference(`Accepted${idSuffix}`), examples: acknowledgementExamples },
    },
  };
  return {
    operationId: `${operationId}${idSuffix}`,
    summary: 'Post texts',
    description:
      'Accepts one text, a batch, or an event. A text that was posted before is accepted again and changes ' +
      'nothing. The Content-Type is ignored.',
    tags: ['webhook'],
    requestBody: {
      required: true,
      content: { [postType]: { schema: schemaReference(`Post${idSuffix}`), examples: postExamples } },
    },
    responses: { 200: accepted, ...problemResponses([...anywhere, ...ofPosts], challenge['WWW-Authenticate']) },
  };
}

interface GetOperation {
  operationId: string;
  summary: string;
  tags: string[];
  /** What a 200 means. */
  success: string;
  /** The name of its schema. */
  response: string;
  example: unknown;
  problemTypes?: ProblemName[];
}

function get({ success, response, example, problemTypes = [], ...operation }: GetOperation) {
  const ok = {
    description: success,
    content: { 'application/json': { schema: schemaReference(response), example } },
  };
  return { ...operation, responses: { 200: ok, ...problemResponses([...anywhere, ...problemTypes]) } };
}

const probe = (operationId: string, { idSuffix, probeExample }: RouteDescription) =>
  get({
    operationId: `${operationId}${idSuffix}`,
    summary: 'Check that the webhook exists; needs no secret',
    tags: ['webhook'],
    success: 'The webhook exists. To learn whether a post would be accepted, use /readyz.',
    response: `Probe${idSuffix}`,
    example: probeExample,
  });

const alive = get({
  operationId: 'isAlive',
  summary: 'Check that the process runs',
  tags: ['operation'],
  success: 'The process runs.',
  response: 'Alive',
  example: { status: 'ok' },
});

const ready = get({
  operationId: 'isReady',
  summary: 'Check that posts can be accepted and that this api is not draining',
  tags: ['operation'],
  success: 'Posts can be accepted.',
  response: 'Ready',
  example: { status: 'ready' },
  problemTypes: ['not-ready', 'draining'],
});

const description = get({
  operationId: 'describe',
  summary: 'Get this document',
  tags: ['operation'],
  success: 'This document, in OpenAPI 3.1.',
  response: 'Description',
  example: { openapi: '3.1.1', info: { title: 'Answerback', version: '1.0.0' }, paths: {} },
});

const pathsOfWebhook = (webhook: RouteDescription) => ({
  [webhook.path]: {
    get: probe('probeWebhook', webhook),
    post: { ...receive('postTexts', webhook), security: webhook.security },
  },
  ...(webhook.pathToken && {
    [`${webhook.path}/{token}`]: {
      parameters: [webhook.pathToken],
      get: probe('probeWebhookWithSecret', webhook),
      post: { ...receive('postTextsWithSecretInPath', webhook), security: [...webhook.security, {}] },
    },
  }),
});

/** All paths and their methods. */
export const pathsOf = (webhooks: readonly RouteDescription[]): Record<string, object> => ({
  ...(Object.assign({}, ...webhooks.map(pathsOfWebhook)) as object),
  '/healthz': { get: alive },
  '/readyz': { get: ready },
  '/openapi.json': { get: description },
});
