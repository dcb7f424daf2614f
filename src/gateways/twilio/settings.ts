import { z } from 'zod';
import { httpUrl, listOf } from '../../variables/kinds.js';
import type { ValuesOf, Variable } from '../../variables/variable.js';
import type { GatewaySettings, Values } from '../gateway.js';
import { missingVariables } from '../missing-variables.js';

const defaultUrl = 'https://api.twilio.com';

export const settingsVariables = {
  TWILIO_ACCOUNT_SID: {
    group: 'The gateway',
    schema: z
      .string()
      .regex(/^AC[0-9a-f]{32}$/)
      .optional(),
    expected: 'the SID of your account: AC and 32 digits or letters a to f',
    meaning: 'The SID of your Twilio account. Posts of another account are rejected.',
  },
  TWILIO_AUTH_TOKEN: {
    group: 'The gateway',
    schema: z
      .string()
      .transform(listOf)
      .pipe(z.tuple([authToken()], authToken()).refine((tokens) => tokens.length <= 5))
      .optional(),
    expected:
      'the auth token of your account, 32 letters and digits; while changing it, up to 5 tokens separated by commas, ' +
      'the new one first',
    meaning:
      'The auth token of your Twilio account. The first one sends replies; a post that is signed with any of them is ' +
      'accepted.',
  },
  TWILIO_API_URL: {
    group: 'The gateway',
    schema: httpUrl.optional(),
    expected: 'an http(s) address',
    meaning: "The address of Twilio's API, for an account in another region.",
    default: defaultUrl,
  },
} as const satisfies Record<string, Variable>;

function authToken() {
  return z.string().regex(/^[0-9A-Za-z]{32}$/);
}

export interface TwilioSettings extends GatewaySettings {
  accountSid: string;
  /** The first one sends. Posts may be signed with any of them. */
  authTokens: readonly [string, ...string[]];
  /** The base of the webhook, as it is registered at Twilio, without a slash at its end. */
  publicUrl: string;
  /** The time limit of one send, from connecting to the last byte of the response. Default: `sendTimeoutMs`. */
  timeoutMs?: number;
}

type OwnValues = Partial<ValuesOf<typeof settingsVariables>>;

/** What to do when a variable is missing that the others need. */
const remedies = {
  TWILIO_ACCOUNT_SID: "copy it from the Account Info of Twilio's Console",
  TWILIO_AUTH_TOKEN: "copy it from the Account Info of Twilio's Console",
  PUBLIC_URL: 'Twilio signs the address of the webhook, and posts receipts to it',
} as const;

/** @see {@link Gateway.readSettings} */
export function readSettings(values: Values): { settings?: TwilioSettings; problems: string[] } {
  const read = values as OwnValues & { PUBLIC_URL?: string };
  const { TWILIO_ACCOUNT_SID: accountSid, TWILIO_AUTH_TOKEN: authTokens, PUBLIC_URL: publicUrl } = read;
  if (accountSid !== undefined && authTokens !== undefined && publicUrl !== undefined) {
    const url = read.TWILIO_API_URL ?? defaultUrl;
    return { settings: { url, simulated: false, hasSecret: true, accountSid, authTokens, publicUrl }, problems: [] };
  }
  return { problems: missingVariables(values, Object.keys(settingsVariables), remedies) };
}

/** @see {@link Gateway.simulatedSettings} Everybody knows this token, so there is no secret. */
export function simulatedSettings(url: string, publicUrl = 'http://127.0.0.1:8000'): TwilioSettings {
  return {
    url,
    simulated: true,
    hasSecret: false,
    accountSid: `AC${'0'.repeat(32)}`,
    authTokens: ['simulated'.padEnd(32, '0')],
    publicUrl,
  };
}
