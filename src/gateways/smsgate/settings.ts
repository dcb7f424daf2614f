import { z } from 'zod';
import { httpUrl, listOf } from '../../variables/kinds.js';
import type { ValuesOf, Variable } from '../../variables/variable.js';
import type { GatewaySettings, Values } from '../gateway.js';
import { missingVariables } from '../missing-variables.js';

const cloudUrl = 'https://api.sms-gate.app/3rdparty/v1';

/** An app makes a key of 8 characters, unless its owner sets another one. */
const signingKey = z.string().regex(/^[!-~]{8,500}$/);

export const settingsVariables = {
  SMSGATE_URL: {
    group: 'The gateway',
    schema: httpUrl.optional(),
    expected: 'an http(s) address, up to where /messages begins',
    meaning:
      'The address of the API of SMSGate: of the cloud, of a private server, such as ' +
      '`https://sms.example.org/api/3rdparty/v1`, or of a phone, such as `http://192.168.1.20:8080`.',
    default: cloudUrl,
  },
  SMSGATE_USER: {
    group: 'The gateway',
    schema: z
      .string()
      .regex(/^[^:]{1,200}$/)
      .optional(),
    expected: 'the username that the app shows, 1 to 200 characters without ":"',
    meaning: 'The username of the account, as the home screen of the SMSGate app shows it.',
  },
  SMSGATE_PASSWORD: {
    group: 'The gateway',
    schema: z.string().min(1).max(500).optional(),
    expected: 'the password that the app shows, 1 to 500 characters',
    meaning: 'The password of the account.',
  },
  SMSGATE_SIGNING_KEY: {
    group: 'The webhook',
    schema: z.string().transform(listOf).pipe(z.array(signingKey).max(20)).optional(),
    expected:
      'the signing key of the app, 8 to 500 characters without spaces and commas; the keys of several phones ' +
      'separated by commas',
    meaning:
      'The key that the SMSGate app signs its posts with: in the app at Settings, Webhooks, Signing Key. Several ' +
      'separated by commas, for several phones or while a key is changed.',
  },
} as const satisfies Record<string, Variable>;

export interface SmsGateSettings extends GatewaySettings {
  user: string;
  password: string;
  /** The keys that phones sign with; a signature by any of them is valid. */
  signingKeys: readonly string[];
  /** The time limit of one send, from connecting to the last byte of the response. Default: `sendTimeoutMs`. */
  timeoutMs?: number;
}

type OwnValues = Partial<ValuesOf<typeof settingsVariables>>;

/** What to do when a variable is missing that the others need. */
const remedies = {
  SMSGATE_USER: 'copy it from the home screen of the app',
  SMSGATE_PASSWORD: 'copy it from the home screen of the app',
  SMSGATE_SIGNING_KEY: 'copy it from the app, at Settings, Webhooks, Signing Key',
} as const;

/** @see {@link Gateway.readSettings} */
export function readSettings(values: Values): { settings?: SmsGateSettings; problems: string[] } {
  const {
    SMSGATE_URL: url = cloudUrl,
    SMSGATE_USER: user,
    SMSGATE_PASSWORD: password,
    SMSGATE_SIGNING_KEY: signingKeys,
  } = values as OwnValues;
  if (user !== undefined && password !== undefined && signingKeys !== undefined)
    return { settings: { url, user, password, signingKeys, simulated: false, hasSecret: true }, problems: [] };

  return { problems: missingVariables(values, Object.keys(settingsVariables), remedies) };
}

/** @see {@link Gateway.simulatedSettings} */
export function simulatedSettings(url: string): SmsGateSettings {
  return {
    url: `${url}/3rdparty/v1`,
    user: 'SIMUL8',
    password: 'simulated-password',
    signingKeys: ['simulated-signing-key'],
    simulated: true,
    hasSecret: false,
  };
}
