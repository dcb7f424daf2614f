import { z } from 'zod';
import { httpUrl, listOf, token } from '../../variables/kinds.js';
import type { Variable } from '../../variables/variable.js';
import type { GatewaySettings } from '../gateway.js';

const defaultUrl = 'https://api.smsmobileapi.com';

export const settingsVariables = {
  WEBHOOK_SECRET: {
    group: 'The webhook',
    schema: token.optional(),
    expected: '16 to 200 letters, digits, ".", "_", "~" or "-" (safe in a URL); make one with: openssl rand -hex 24',
    meaning: 'The secret that the gateway sends with each post: as a header, in the query or in the path.',
  },
  WEBHOOK_SIGNING_SECRET: {
    group: 'The webhook',
    schema: z
      .string()
      .transform(listOf)
      .pipe(z.array(z.string().regex(/^[!-~]{16,500}$/)).max(5))
      .optional(),
    expected:
      'the secret that signs posts, 16 to 500 characters without spaces; while changing it, several secrets ' +
      'separated by commas',
    meaning:
      'The secret that the gateway signs its posts with. The api needs one of the two secrets; a trial on loopback ' +
      'with the simulated gateway needs none.',
  },
  SMS_MOBILE_API_KEY: {
    group: 'The gateway',
    schema: z.string().optional(),
    expected: 'the key of your SMSMobileAPI account',
    meaning: 'The key of your SMSMobileAPI account. Not set: replies go to the simulated gateway.',
  },
  SMS_MOBILE_API_URL: {
    group: 'The gateway',
    schema: httpUrl.optional(),
    expected: 'an http(s) address',
    meaning: 'The address of the API of SMSMobileAPI.',
    default: defaultUrl,
  },
} as const satisfies Record<string, Variable>;

type Values = { [Name in keyof typeof settingsVariables]?: z.infer<(typeof settingsVariables)[Name]['schema']> };

/** @see {@link Gateway.readSettings} */
export function readSettings(values: Values): { settings: GatewaySettings; problems: string[] } {
  const { SMS_MOBILE_API_KEY: apiKey, SMS_MOBILE_API_URL: url } = values;
  return {
    settings: {
      apiKey,
      url: url ?? defaultUrl,
      credentials: { token: values.WEBHOOK_SECRET, signingSecrets: values.WEBHOOK_SIGNING_SECRET ?? [] },
    },
    problems: url && !apiKey ? ['SMS_MOBILE_API_KEY must be set when SMS_MOBILE_API_URL is set'] : [],
  };
}
