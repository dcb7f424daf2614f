import { toleranceSeconds } from '../signed-at.js';
import { signatureHeaders } from './signature.js';
import { secretHeader } from './verify.js';

const [signature, nextSignature] = signatureHeaders.signatures;
const apiKey = (where: 'header' | 'query', name: string, description: string) => ({
  type: 'apiKey',
  in: where,
  name,
  description,
});

export const securitySchemes = {
  secretInHeader: apiKey('header', secretHeader, 'The secret of this webhook.'),
  secretInQuery: apiKey(
    'query',
    'token',
    "The same secret, for gateways that can't set a header. The parameter may occur only once.",
  ),
  signatureTimestamp: apiKey(
    'header',
    signatureHeaders.timestamp,
    `When the post was signed, in Unix seconds; at most ${toleranceSeconds} s from now.`,
  ),
  signature: apiKey(
    'header',
    signature,
    'Sent with the timestamp: `v1=` and the hex HMAC-SHA256 of the timestamp, a dot and the raw body, keyed with ' +
      'the shared signing secret.',
  ),
  nextSignature: apiKey('header', nextSignature, 'The same with the next secret, while the secret is being changed.'),
};

export const authentication =
  `the secret in the header \`${secretHeader}\`, in \`?token=\` or as the last part of the path,\n` +
  'or a signature of the body.';

/** Any one of them is enough. */
export const security = [
  { secretInHeader: [] },
  { secretInQuery: [] },
  { signatureTimestamp: [], signature: [] },
  { signatureTimestamp: [], nextSignature: [] },
];

/** OpenAPI has no security scheme for a secret in the path, so it is a parameter. */
export const pathToken = {
  name: 'token',
  in: 'path',
  required: true,
  description:
    'The secret of this webhook, for gateways that can set neither header nor query. It is enough on its own; ' +
    "when the request has another valid proof, it isn't checked.",
  schema: { type: 'string', pattern: '^[A-Za-z0-9._~-]{16,200}$' },
  example: 'the-secret-of-this-webhook',
};

/** RFC 9110 section 11.6.1 requires a challenge with a 401. It doesn't depend on what was wrong. */
export const challenge = { 'WWW-Authenticate': secretHeader };
