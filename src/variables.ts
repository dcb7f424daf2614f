import { z } from 'zod';
import type { PayloadKey } from './keyring.js';

const port = z.string().regex(/^\d{1,5}$/).transform(Number).pipe(z.number().min(1).max(65_535));
const boolean = z.enum(['true', 'false', '1', '0']).transform((value) => value === 'true' || value === '1');
const days = z.string().regex(/^\d{1,4}$/).transform(Number).pipe(z.number().min(1));
/** With no user and no password: addresses are shown. */
const httpUrl = z.url({ protocol: /^https?$/ }).refine((url) => !/^https?:\/\/[^/]*@/i.test(url));
export const unitMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const token = z.string().regex(/^[A-Za-z0-9._~-]{16,200}$/);
const listOf = (separated: string) => separated.split(',').map((one) => one.trim());
const payloadKey = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,32}:([0-9a-f]{64}|[A-Za-z0-9+/]{43}=)$/)
  .transform((pair): PayloadKey => {
    const [id = '', key = ''] = pair.split(':');
    return { id, key: Buffer.from(key, key.length === 64 ? 'hex' : 'base64') };
  });
const durationMs = z
  .string()
  .regex(/^\d{1,6}[smhd]$/)
  .transform((value) => Number(value.slice(0, -1)) * unitMs[value.slice(-1) as keyof typeof unitMs]);

/** Every variable Answerback reads; what each must look like is said in `expected` when it does not. */
export const variables = {
  PORT: { schema: port.default(8000), expected: 'a port from 1 to 65535' },
  HOST: { schema: z.string().default('127.0.0.1'), expected: 'an address or host name to listen on' },
  ACK_AFTER: { schema: z.enum(['inbox', 'temporal']).default('inbox'), expected: 'inbox or temporal' },
  DEDUP_DAYS: { schema: days.prefault('30'), expected: 'a number of days from 1 to 9999' },
  DATA_DIR: { schema: z.string().default('data'), expected: 'a folder' },
  TEMPORAL_ADDRESS: { schema: z.string().regex(/^[^\s/]+:\d{1,5}$/).refine((address) => Number(address.split(':').at(-1)) < 65_536).optional(), expected: 'host:port, without a scheme' },
  TEMPORAL_TLS: { schema: z.enum(['true', 'false', '1', '0']).optional(), expected: 'true or false, in lower case' },
  TEMPORAL_PORT: { schema: port.default(7233), expected: 'a port from 1 to 65535' },
  TEMPORAL_UI_PORT: { schema: port.default(8233), expected: 'a port from 1 to 65535' },
  TEMPORAL_UI_URL: { schema: httpUrl.transform((url) => url.replace(/\/$/, '')).optional(), expected: 'an http(s) address' },
  GATEWAY_PORT: { schema: port.default(8001), expected: 'a port from 1 to 65535' },
  SMS_MOBILE_API_KEY: { schema: z.string().optional(), expected: 'the key of your SMSMobileAPI account' },
  SMS_MOBILE_API_URL: { schema: httpUrl.optional(), expected: 'an http(s) address' },
  SMS_AUTO_REPLY_ENABLED: { schema: boolean.optional(), expected: 'true or false' },
  SMS_AUTO_REPLY_TEXT: { schema: z.string().max(1_600).optional(), expected: 'a text of at most 1,600 characters' },
  PLAYBOOK: { schema: z.string().optional(), expected: 'a playbook file' },
  OPENAI_API_KEY: { schema: z.string().regex(/^[!-~]{1,1000}$/).optional(), expected: 'a key, without blanks or other signs that no key has' },
  OPENAI_MODEL: { schema: z.string().default('gpt-4o-mini'), expected: 'the name of a model' },
  OPENAI_BASE_URL: { schema: httpUrl.optional(), expected: 'an http(s) address' },
  WEBHOOK_SECRET: {
    schema: token.optional(),
    expected: '16 to 200 letters, digits, ".", "_", "~" or "-" (it may stand in a URL); make one with: openssl rand -hex 24',
  },
  WEBHOOK_SIGNING_SECRET: {
    schema: z.string().transform(listOf).pipe(z.array(z.string().regex(/^[!-~]{16,500}$/)).max(5)).optional(),
    expected: 'the secret that signs deliveries, 16 to 500 characters without spaces; several, for a change, with commas between them',
  },
  PAYLOAD_KEYS: {
    schema: z
      .string()
      .transform(listOf)
      .pipe(z.array(payloadKey).max(20))
      .refine((keys) => new Set(keys.map(({ id }) => id)).size === keys.length)
      .optional(),
    expected: 'name:key, or several with commas between them, each name once; a key is 32 random bytes in base64: openssl rand -base64 32',
  },
  CODEC_PORT: { schema: port.default(8234), expected: 'a port from 1 to 65535' },
  CODEC_HOST: { schema: z.string().default('127.0.0.1'), expected: 'an address or host name to listen on' },
  CODEC_TOKEN: { schema: token.optional(), expected: '16 to 200 letters, digits, ".", "_", "~" or "-"; make one with: openssl rand -hex 24' },
  LOG_TEXTS: { schema: boolean.default(false), expected: 'true or false' },
  REPLY_MAX_AGE: { schema: durationMs.prefault('24h'), expected: 'a number with s, m, h or d, such as 24h' },
  REPLY_RETRY_FOR: { schema: durationMs.prefault('1h'), expected: 'a number with s, m, h or d, such as 1h' },
  PARK_DAYS: { schema: days.prefault('30'), expected: 'a number of days from 1 to 9999' },
  LOG_FORMAT: { schema: z.enum(['text', 'json']).optional(), expected: 'text or json' },
  LOG_LEVEL: {
    schema: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
    expected: 'one of fatal, error, warn, info, debug, trace, silent',
  },
} as const;

/** What they say, parsed. */
export type Variables = { [Name in keyof typeof variables]: z.infer<(typeof variables)[Name]['schema']> };
