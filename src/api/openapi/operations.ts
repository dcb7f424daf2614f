import type { Fault } from '../../http/faults.js';
import { acceptedExamples, deliveryExamples, documentExample, probeExample } from './examples.js';
import { problemResponses } from './problems.js';
import { schemaReference } from './schemas.js';
import { secretInPath, security } from './security.js';
import { webhookPath } from '../webhook.js';

/** What any request may be answered with, whatever it asks for. */
const anywhere: Fault[] = ['bad-request', 'too-slow', 'unknown-expectation', 'headers-too-large', 'unforeseen'];
const ofDeliveries: Fault[] = ['body-cut-off', 'not-json', 'too-complex', 'unauthenticated', 'body-too-large', 'content-encoded', 'invalid-messages', 'not-accepted'];

const accepted = {
  description: 'Every valid message of it is safe. Only this ends the duty to deliver it.',
  content: { 'application/json': { schema: schemaReference('Accepted'), examples: acceptedExamples } },
};

function receive(operationId: string) {
  return {
    operationId,
    summary: 'Deliver texts',
    description: 'Takes one text, a batch, or an event. A text that was delivered before is accepted again and changes nothing. The Content-Type is not looked at.',
    tags: ['webhook'],
    requestBody: { required: true, content: { 'application/json': { schema: schemaReference('Delivery'), examples: deliveryExamples } } },
    responses: { 200: accepted, ...problemResponses([...anywhere, ...ofDeliveries]) },
  };
}

interface Question {
  operationId: string;
  summary: string;
  tags: string[];
  /** What a 200 means. */
  yes: string;
  answer: Parameters<typeof schemaReference>[0];
  example: unknown;
  faults?: Fault[];
}

function ask({ yes, answer, example, faults = [], ...operation }: Question) {
  const affirmed = { description: yes, content: { 'application/json': { schema: schemaReference(answer), example } } };
  return { ...operation, responses: { 200: affirmed, ...problemResponses([...anywhere, ...faults]) } };
}

const probe = (operationId: string) =>
  ask({
    operationId,
    summary: 'Ask whether somebody is there; needs no secret',
    tags: ['webhook'],
    yes: 'Somebody is there. Whether a delivery would be accepted, /readyz says.',
    answer: 'Probe',
    example: probeExample,
  });

const alive = ask({
  operationId: 'isAlive',
  summary: 'Whether the process runs',
  tags: ['operation'],
  yes: 'It runs.',
  answer: 'Alive',
  example: { status: 'ok' },
});

const ready = ask({
  operationId: 'isReady',
  summary: 'Whether a delivery would be accepted now, and is better sent here than elsewhere',
  tags: ['operation'],
  yes: 'It would.',
  answer: 'Ready',
  example: { status: 'ready' },
  faults: ['not-ready', 'draining'],
});

const description = ask({
  operationId: 'describe',
  summary: 'This document',
  tags: ['operation'],
  yes: 'OpenAPI 3.1.',
  answer: 'Description',
  example: documentExample,
});

/** Every path and its methods. */
export const paths = {
  [webhookPath]: {
    get: probe('probeWebhook'),
    post: { ...receive('deliver'), security: security.elsewhere },
  },
  [`${webhookPath}/{token}`]: {
    parameters: [secretInPath],
    get: probe('probeWebhookWithSecret'),
    post: { ...receive('deliverWithSecretInPath'), security: security.inPath },
  },
  '/healthz': { get: alive },
  '/readyz': { get: ready },
  '/openapi.json': { get: description },
};
