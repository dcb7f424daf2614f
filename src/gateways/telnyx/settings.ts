import { z } from 'zod';
import { httpUrl } from '../../variables/kinds.js';
import type { ValuesOf, Variable } from '../../variables/variable.js';
import type { GatewaySettings, Values } from '../gateway.js';
import { missingVariables } from '../missing-variables.js';
import { route } from './route.js';

const defaultUrl = 'https://api.telnyx.com';

export const settingsVariables = {
  TELNYX_API_KEY: {
    group: 'The gateway',
    schema: z
      .string()
      .regex(/^[!-~]{8,500}$/)
      .optional(),
    expected: 'the API key of your Telnyx account, which begins with KEY',
    meaning: 'The API key of your Telnyx account. It needs `TELNYX_PUBLIC_KEY` and `PUBLIC_URL`.',
  },
  TELNYX_API_URL: {
    group: 'The gateway',
    schema: httpUrl.optional(),
    expected: 'an http(s) address',
    meaning: 'The address of the API of Telnyx.',
    default: defaultUrl,
  },
  TELNYX_PUBLIC_KEY: {
    group: 'The webhook',
    schema: z
      .string()
      .regex(/^[A-Za-z0-9+/]{43}=$/)
      .optional(),
    expected: 'the public key of your Telnyx account: 44 characters of base64',
    meaning: 'The public key of your Telnyx account. Posts of Telnyx are verified by it.',
  },
} as const satisfies Record<string, Variable>;

export interface TelnyxSettings extends GatewaySettings {
  apiKey: string;
  /** The key that verifies posts: 32 bytes of Ed25519 in base64. */
  publicKey: string;
  /** The address of our webhook, as Telnyx calls it: receipts are posted there. */
  webhookUrl: string;
  /** The time limit of one send, from connecting to the last byte of the response. Default: `sendTimeoutMs`. */
  timeoutMs?: number;
}

type OwnValues = Partial<ValuesOf<typeof settingsVariables>>;

/** What to do when a variable is missing that the others need. */
const remedies = {
  TELNYX_API_KEY: 'create an API key in the Telnyx portal',
  TELNYX_PUBLIC_KEY: 'copy the public key from "Keys & Credentials" in the Telnyx portal',
  PUBLIC_URL: 'set it to the address at which Telnyx reaches this server, since receipts are posted there',
} as const;

/** @see {@link Gateway.readSettings} */
export function readSettings(values: Values): { settings?: TelnyxSettings; problems: string[] } {
  const read = values as OwnValues & { PUBLIC_URL?: string };
  const { TELNYX_API_KEY: apiKey, TELNYX_PUBLIC_KEY: publicKey, TELNYX_API_URL: url, PUBLIC_URL: publicUrl } = read;
  if (apiKey && publicKey && publicUrl) {
    const webhookUrl = `${publicUrl}${route}`;
    return {
      settings: { url: url ?? defaultUrl, simulated: false, hasSecret: true, apiKey, publicKey, webhookUrl },
      problems: [],
    };
  }
  return { problems: missingVariables(values, Object.keys(settingsVariables), remedies) };
}

/**
 * @see {@link Gateway.simulatedSettings} The keys protect nothing: the private half of the public key is in the source
 * of the simulated gateway. So there is no secret, and the route exists on loopback only.
 */
export function simulatedSettings(url: string, publicUrl = 'http://127.0.0.1:8000'): TelnyxSettings {
  return {
    url,
    simulated: true,
    hasSecret: false,
    apiKey: 'KEY0123456789ABCDEF0123456789ABCDEF_simulatedGatewayOnly',
    publicKey: 'A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=',
    webhookUrl: `${publicUrl}${route}`,
  };
}
