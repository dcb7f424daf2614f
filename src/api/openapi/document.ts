import type { Middleware } from 'koa';
import { pathsOf } from './operations.js';
import { problemExamples, problemResponse } from './problems.js';
import { schemaComponents } from './schemas.js';
import { maxBatchMessages } from '../../domain/intake.js';
import type { RouteDescription } from '../../gateways/gateway.js';
import { packageFile } from '../../process/package-file.js';
import { limits } from '../../http/limits.js';

const descriptionOf = (
  webhooks: readonly RouteDescription[],
) => `Accepts the texts that an SMS gateway posts, and answers each of them once.

A 200 means that every valid message of the post is stored durably.
After a 5xx, a 408 or no response, post it again: duplicates are harmless.
Any other 4xx is permanent; change the request before retrying.

**Authentication.** One proof is enough:
${webhooks.map(({ authentication }) => authentication).join('\n')}
A trial with the simulated gateway, which listens only on loopback, may require none.

**Limits.** A body has at most ${limits.bodyBytes} bytes (1 MiB),
${limits.jsonDepth} levels and ${limits.jsonMembers} members;
a batch at most ${maxBatchMessages} messages;
headers at most ${limits.headerBytes / 1_024} KiB together.
Headers must arrive within ${limits.headersMs / 1_000} s and the whole request within ${limits.requestMs / 1_000} s.
Send the body without a Content-Encoding.

**Problems.** Every response but a 200 is problem+json (RFC 9457), with a stable \`type\`.
An unknown path gets a 404, an unsupported method a 405 with the allowed methods. HEAD works wherever GET does.`;

/** Describes the api with these webhooks in OpenAPI 3.1. */
export function openApiDocument(webhooks: readonly RouteDescription[]) {
  return {
    openapi: '3.1.1',
    info: {
      title: 'Answerback',
      version: packageFile.version,
      description: descriptionOf(webhooks),
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    tags: [
      { name: 'webhook', description: 'For gateways' },
      { name: 'operation', description: 'For operators' },
    ],
    paths: pathsOf(webhooks),
    components: {
      schemas: schemaComponents(webhooks),
      examples: problemExamples,
      responses: {
        NotFound: problemResponse(['not-found']),
        MethodNotAllowed: problemResponse(['method-not-allowed']),
      },
      securitySchemes: Object.assign({}, ...webhooks.map((webhook) => webhook.securitySchemes)) as object,
    },
  };
}

/** Serves the document. It contains no settings of this service, so it needs no secret. */
export function describeApi(webhooks: readonly RouteDescription[]): Middleware {
  const document = JSON.stringify(openApiDocument(webhooks));
  return (ctx) => {
    ctx.type = 'json';
    ctx.body = document;
  };
}
