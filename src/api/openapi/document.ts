import type { Middleware } from 'koa';
import { paths } from './operations.js';
import { problemExamples, problemResponse } from './problems.js';
import { schemaComponents } from './schemas.js';
import { securitySchemes } from './security.js';
import { largestBatch } from '../posted-message.js';
import { limits } from '../../http/limits.js';

/** That of package.json. */
const version = '0.1.0';

const description = `Takes the texts that an SMS gateway delivers, and answers each once.

A 200 says that every valid message of the delivery is safe. After a 5xx, a 408 or no answer deliver it again: that does no harm.
Any other 4xx comes again until the request is another.

**Who may deliver.** One proof suffices: the secret as header \`X-Webhook-Secret\`, as \`?token=\` or as last part of the path, or a signature of the body.
A service on a machine of its own may ask for none.

**Limits.** A body has at most ${limits.bodyBytes} bytes (1 MiB), ${limits.jsonDepth} levels and ${limits.jsonMembers} members; a batch at most ${largestBatch} messages; headers at most ${limits.headerBytes / 1_024} KiB together.
Headers must arrive within ${limits.headersMs / 1_000} s and the whole request within ${limits.requestMs / 1_000} s.
A body comes without a Content-Encoding.

**Problems.** Everything but a 200 is problem+json (RFC 9457), with a \`type\` to rely on.
Any other path is a 404, any other method of a path a 405 that says what is allowed. HEAD is answered wherever GET is.`;

/** The description of this api, in OpenAPI 3.1. */
export function openApiDocument() {
  return {
    openapi: '3.1.1',
    info: { title: 'Answerback', version, description, license: { name: 'MIT', identifier: 'MIT' } },
    servers: [{ url: '/' }],
    tags: [
      { name: 'webhook', description: 'For gateways' },
      { name: 'operation', description: 'For whoever runs it' },
    ],
    paths,
    components: {
      schemas: schemaComponents(),
      examples: problemExamples,
      responses: { NotFound: problemResponse(['not-found']), MethodNotAllowed: problemResponse(['method-not-allowed']) },
      securitySchemes,
    },
  };
}

/** Serves the document, which is the same for everybody: nothing of this service's settings is in it. */
export function describeApi(): Middleware {
  const document = JSON.stringify(openApiDocument());
  return (ctx) => {
    ctx.type = 'json';
    ctx.body = document;
  };
}
