import { type ClientConnectConfig, loadClientConnectConfig } from '@temporalio/envconfig';
import { z } from 'zod';

/** The environment does not fit: one line for each variable that is wrong, without its value where that is a secret. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

const port = z.string().regex(/^\d{1,5}$/).transform(Number).pipe(z.number().min(1).max(65_535));
const boolean = z.enum(['true', 'false', '1', '0']).transform((value) => value === 'true' || value === '1');
const days = z.string().regex(/^\d{1,4}$/).transform(Number).pipe(z.number().min(1));
const httpUrl = z.url({ protocol: /^https?$/ });
const unitMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const durationMs = z
  .string()
  .regex(/^\d{1,6}[smhd]$/)
  .transform((value) => Number(value.slice(0, -1)) * unitMs[value.slice(-1) as keyof typeof unitMs]);

/** Every variable Answerback reads; what each must look like is said in `expected` when it does not. */
const variables = {
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
  OPENAI_API_KEY: { schema: z.string().optional(), expected: 'a key' },
  OPENAI_MODEL: { schema: z.string().default('gpt-4o-mini'), expected: 'the name of a model' },
  OPENAI_BASE_URL: { schema: httpUrl.optional(), expected: 'an http(s) address' },
  WEBHOOK_SECRET: {
    schema: z.string().regex(/^[A-Za-z0-9._~-]{16,200}$/).optional(),
    expected: '16 to 200 letters, digits, ".", "_", "~" or "-" (it may stand in a URL); make one with: openssl rand -hex 24',
  },
  REPLY_MAX_AGE: { schema: durationMs.prefault('24h'), expected: 'a number with s, m, h or d, such as 24h' },
  REPLY_RETRY_FOR: { schema: durationMs.prefault('1h'), expected: 'a number with s, m, h or d, such as 1h' },
  PARK_DAYS: { schema: days.prefault('30'), expected: 'a number of days from 1 to 9999' },
  LOG_LEVEL: {
    schema: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
    expected: 'one of fatal, error, warn, info, debug, trace, silent',
  },
} as const;

type Variables = { [Name in keyof typeof variables]: z.infer<(typeof variables)[Name]['schema']> };

/** The settings of the product, checked. Times are milliseconds. */
export interface Config {
  port: number;
  host: string;
  dataDir: string;
  /** What a text must have reached before the gateway gets its 200: the inbox on this disk, or Temporal. */
  ackAfter: 'inbox' | 'temporal';
  /** How long the inbox remembers a GUID. */
  dedupDays: number;
  /** Absent: `npm start` runs the embedded server. */
  temporalAddress: string | undefined;
  /** How to reach the Temporal server that is not the embedded one. */
  temporal: ClientConnectConfig;
  temporalPort: number;
  temporalUiPort: number;
  /** Where Temporal Web UI is, for links in the log; the embedded server's is known. */
  temporalUiUrl: string | undefined;
  /** Without a key replies go to the simulated gateway. */
  gateway: { simulated: boolean; apiKey: string; url: string; port: number };
  autoReply: { enabled: boolean; text: string | undefined };
  /** Absent: rules classify. */
  openai: { apiKey: string; model: string; baseURL: string | undefined } | undefined;
  webhookSecret: string | undefined;
  replyMaxAgeMs: number;
  replyRetryForMs: number;
  /** How long a failed reply waits for an operator, from its last failure. */
  parkMs: number;
  logLevel: string;
}

/**
 * Reads the settings from environment variables; an empty one counts as not set.
 *
 * @throws {ConfigError} with every problem at once
 */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const problems: string[] = [];
  const read = Object.fromEntries(
    Object.entries(variables).map(([name, { schema, expected }]) => {
      const parsed = schema.safeParse(env[name] || undefined);
      if (!parsed.success) problems.push(`${name} must be ${expected}`);
      return [name, parsed.data];
    }),
  ) as Variables;

  if (!isLoopback(read.HOST) && !env['WEBHOOK_SECRET']) {
    problems.push('WEBHOOK_SECRET must be set when HOST is not a loopback address: anyone who reaches the port could post texts');
  }
  if (read.SMS_MOBILE_API_URL && !read.SMS_MOBILE_API_KEY) {
    problems.push('SMS_MOBILE_API_KEY must be set when SMS_MOBILE_API_URL is');
  }
  problems.push(...samePorts(read));
  const temporal = readTemporalProfile(env, problems);
  if (problems.length > 0) throw new ConfigError(problems);

  return toConfig(read, temporal);
}

function samePorts(read: Variables): string[] {
  const names = ['PORT', 'TEMPORAL_PORT', 'TEMPORAL_UI_PORT', 'GATEWAY_PORT'] as const;
  return names.flatMap((name, index) => {
    const other = names.slice(0, index).find((earlier) => read[earlier] !== undefined && read[earlier] === read[name]);
    return other ? [`${name} must be another port than ${other}`] : [];
  });
}

/** The profile that the TEMPORAL_* variables and the Temporal configuration file make. */
function readTemporalProfile(env: Readonly<Record<string, string | undefined>>, problems: string[]): ClientConnectConfig {
  const set = Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => Boolean(entry[1])));
  try {
    return loadClientConnectConfig({ overrideEnvVars: set });
  } catch (error) {
    problems.push(`TEMPORAL_* must name files that are there and fit together: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`);
    return { connectionOptions: {} };
  }
}

function toConfig(read: Variables, temporal: ClientConnectConfig): Config {
  const simulated = read.SMS_MOBILE_API_KEY === undefined;
  return {
    port: read.PORT,
    host: read.HOST,
    dataDir: read.DATA_DIR,
    ackAfter: read.ACK_AFTER,
    dedupDays: read.DEDUP_DAYS,
    temporalAddress: read.TEMPORAL_ADDRESS,
    temporal,
    temporalPort: read.TEMPORAL_PORT,
    temporalUiPort: read.TEMPORAL_UI_PORT,
    temporalUiUrl: read.TEMPORAL_UI_URL,
    gateway: {
      simulated,
      apiKey: read.SMS_MOBILE_API_KEY ?? 'simulated',
      url: simulated
        ? `http://127.0.0.1:${read.GATEWAY_PORT}`
        : (read.SMS_MOBILE_API_URL ?? 'https://api.smsmobileapi.com'),
      port: read.GATEWAY_PORT,
    },
    autoReply: { enabled: read.SMS_AUTO_REPLY_ENABLED ?? simulated, text: read.SMS_AUTO_REPLY_TEXT },
    openai: read.OPENAI_API_KEY
      ? { apiKey: read.OPENAI_API_KEY, model: read.OPENAI_MODEL, baseURL: read.OPENAI_BASE_URL }
      : undefined,
    webhookSecret: read.WEBHOOK_SECRET,
    replyMaxAgeMs: read.REPLY_MAX_AGE,
    replyRetryForMs: read.REPLY_RETRY_FOR,
    parkMs: read.PARK_DAYS * unitMs.d,
    logLevel: read.LOG_LEVEL,
  };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}
