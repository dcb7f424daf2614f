import { signatureHeaders, toleranceSeconds } from '../signature.js';

const [signature, nextSignature] = signatureHeaders.signatures;
const apiKey = (where: 'header' | 'query', name: string, description: string) => ({ type: 'apiKey', in: where, name, description });

export const securitySchemes = {
  secretInHeader: apiKey('header', 'X-Webhook-Secret', 'The secret of this webhook.'),
  secretInQuery: apiKey('query', 'token', 'The same secret, for gateways that cannot set a header. It may be there once only.'),
  signatureTimestamp: apiKey('header', signatureHeaders.timestamp, `When it was signed, in Unix seconds; at most ${toleranceSeconds} s from now.`),
  signature: apiKey(
    'header',
    signature,
    'Goes with the timestamp: `v1=` and the hex HMAC-SHA256 of the timestamp, a dot and the body byte for byte, under the secret that the service shares with the sender.',
  ),
  nextSignature: apiKey('header', nextSignature, 'The same under the next secret, while it is being changed.'),
};

const eitherOf = [{ secretInHeader: [] }, { secretInQuery: [] }, { signatureTimestamp: [], signature: [] }, { signatureTimestamp: [], nextSignature: [] }];

/** One of them suffices. */
export const security = { elsewhere: eitherOf, inPath: [...eitherOf, {}] };

/** OpenAPI has no scheme for a secret that is part of the path. */
export const secretInPath = {
  name: 'token',
  in: 'path',
  required: true,
  description: 'The secret of this webhook, for gateways that can set neither header nor query. It suffices by itself; where another proof comes with the request, it may be anything.',
  schema: { type: 'string', pattern: '^[A-Za-z0-9._~-]{16,200}$' },
  example: 'the-secret-of-this-webhook',
};
