import { z } from 'zod';
import { httpUrl, listOf, token } from '../../variables/kinds.js';
import type { ValuesOf, Variable } from '../../variables/variable.js';
import type { GatewaySettings, Values } from '../gateway.js';

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

/** The secrets by which a post is verified. With neither, every post is accepted. */
export interface Credentials {
  /** A secret that the provider sends with each post. */
  token?: string | undefined;
  /** The keys that the provider signs with; a signature by any of them is valid. */
  signingSecrets: readonly string[];
}

export interface SmsMobileApiSettings extends GatewaySettings {
  apiKey: string;
  credentials: Credentials;
  /** The time limit of one send, from connecting to the last byte of the response. Default: `sendTimeoutMs`. */
  timeoutMs?: number;
}

type OwnValues = Partial<ValuesOf<typeof settingsVariables>>;

/** @see {@link Gateway.readSettings} Without a key, replies go to the simulated gateway. */
export function readSettings(values: Values): { settings?: SmsMobileApiSettings; problems: string[] } {
  const read = values as OwnValues & { simulatedUrl: string };
  const { SMS_MOBILE_API_KEY: apiKey, SMS_MOBILE_API_URL: url } = read;
  const credentials = { token: read.WEBHOOK_SECRET, signingSecrets: read.WEBHOOK_SIGNING_SECRET ?? [] };
  const problems = url && !apiKey ? ['SMS_MOBILE_API_KEY must be set when SMS_MOBILE_API_URL is set'] : [];
  const hasSecret = credentials.token !== undefined || credentials.signingSecrets.length > 0;
  if (!apiKey && !hasSecret) return { problems };
  const account = apiKey ? { apiKey, url: url ?? defaultUrl, simulated: false } : simulatedSettings(read.simulatedUrl);
  return { settings: { ...account, credentials, hasSecret }, problems };
}

/** @see {@link Gateway.simulatedSettings} */
export function simulatedSettings(url: string): SmsMobileApiSettings {
  return { apiKey: 'simulated', url, simulated: true, hasSecret: false, credentials: { signingSecrets: [] } };
}
