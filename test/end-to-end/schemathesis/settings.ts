import type { Gateway } from '../../../src/gateways/gateway.js';
import { settings as twilioAccount } from '../../gateways/twilio/setup.js';
import { webhookSecret } from '../../kit/secret.js';
import { signingCases, toBeSigned } from './signing-relay.js';

/** The settings of schemathesis, as TOML: how it authenticates at each gateway. */
export const schemathesisSettings = `
[auth.openapi.secretInHeader]
api_key = "${webhookSecret}"
${signingCases.map(({ gateway }) => authenticationAt(gateway)).join('')}
[[operations]]
include-path = "/api/webhook/twilio"
# A post of another account is rejected, which no schema can say.
parameters = { "body.AccountSid" = "${twilioAccount.accountSid}" }
`;

function authenticationAt({ description: { securitySchemes } }: Gateway): string {
  return Object.entries(securitySchemes as Record<string, { type: string }>)
    .map(([name, { type }]) => `[auth.openapi.${name}]\n${type === 'http' ? 'bearer' : 'api_key'} = "${toBeSigned}"\n`)
    .join('');
}
