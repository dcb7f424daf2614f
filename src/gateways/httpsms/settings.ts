import { z } from 'zod';
import { boolean, httpUrl, listOf } from '../../variables/kinds.js';
import type { ValuesOf, Variable } from '../../variables/variable.js';
import type { GatewaySettings, Values } from '../gateway.js';
import { missingVariables } from '../missing-variables.js';
import { withoutSlash } from '../request.js';
import { route } from './name.js';

const defaultUrl = 'https://api.httpsms.com';

export const settingsVariables = {
  HTTPSMS_API_KEY: {
    group: 'The gateway',
    schema: z
      .string()
      .regex(/^(?!pk_)[!-~]{1,500}$/)
      .optional(),
    expected: 'the API key of your httpSMS account; the key of a phone, which begins with "pk_", can\'t send',
    meaning: 'The API key of your httpSMS account. Needs `HTTPSMS_SIGNING_KEY` and `PUBLIC_URL`.',
  },
  HTTPSMS_API_URL: {
    group: 'The gateway',
    schema: httpUrl.optional(),
    expected: 'an http(s) address',
    meaning: 'The address of the API of httpSMS, if you host it yourself.',
    default: defaultUrl,
  },
  HTTPSMS_SIGNING_KEY: {
    group: 'The webhook',
    schema: z
      .string()
      .transform(listOf)
      .pipe(z.array(z.string().regex(/^[!-~]{16,255}$/)).max(5))
      .optional(),
    expected:
      'the signing key of the webhook at httpSMS, 16 to 255 characters without spaces; while changing it, several ' +
      'keys separated by commas',
    meaning: 'The key that httpSMS signs the token of each post with. You choose it when you add the webhook there.',
  },
  HTTPSMS_CONFIRM: {
    group: 'The webhook',
    schema: boolean.optional(),
    expected: 'true or false',
    meaning:
      "Whether each text is fetched from the API of httpSMS before it is accepted. The token doesn't cover the body " +
      'of a post: without this, who has seen a token can post texts of their own for 10 minutes.',
    default: 'false',
  },
} as const satisfies Record<string, Variable>;

export interface HttpSmsSettings extends GatewaySettings {
  apiKey: string;
  /** The keys that tokens are signed with; a token by any of them is valid. */
  signingKeys: readonly string[];
  /** The address of the webhook as it is registered at httpSMS: the audience of its tokens. */
  webhookUrl: string;
  /** Whether each text is fetched from the API before it is accepted. */
  confirm: boolean;
  /** The time limit of one send, from connecting to the last byte of the response. Default: `sendTimeoutMs`. */
  timeoutMs?: number;
  /** The time limit of one question to the API. Default: 4 s. */
  getTimeoutMs?: number;
}

type OwnValues = Partial<ValuesOf<typeof settingsVariables>>;

/** What to do when a variable is missing that the others need. */
const remedies = {
  HTTPSMS_API_KEY: 'copy it from https://httpsms.com/settings',
  HTTPSMS_SIGNING_KEY: 'set the signing key of the webhook at https://httpsms.com/settings',
  PUBLIC_URL: 'set the public address of Answerback, as you registered it at httpSMS, without the path',
} as const;

/** @see {@link Gateway.readSettings} */
export function readSettings(values: Values): { settings?: HttpSmsSettings; problems: string[] } {
  const read = values as OwnValues & { PUBLIC_URL?: string };
  const { HTTPSMS_API_KEY: apiKey, HTTPSMS_SIGNING_KEY: signingKeys, PUBLIC_URL: publicUrl } = read;
  if (apiKey === undefined || signingKeys === undefined || publicUrl === undefined)
    return { problems: missingVariables(values, Object.keys(settingsVariables), remedies) };
  const settings = {
    apiKey,
    signingKeys,
    webhookUrl: webhookUrlOf(publicUrl),
    confirm: read.HTTPSMS_CONFIRM ?? false,
    url: read.HTTPSMS_API_URL ?? defaultUrl,
    simulated: false,
    hasSecret: true,
  };
  return { settings, problems: [] };
}

/** @see {@link Gateway.simulatedSettings} The simulated gateway signs its posts with this key. */
export function simulatedSettings(url: string, publicUrl = 'http://127.0.0.1:8000'): HttpSmsSettings {
  return {
    apiKey: 'uk_simulated',
    signingKeys: ['a-signing-key-for-trials'],
    webhookUrl: webhookUrlOf(publicUrl),
    confirm: false,
    url,
    simulated: true,
    hasSecret: false,
  };
}

const webhookUrlOf = (publicUrl: string) => `${withoutSlash(publicUrl)}${route}`;
