import { type ClientConnectConfig, loadClientConnectConfig } from '@temporalio/envconfig';
import type { PayloadKey } from './keyring.js';
import { unitMs, type Variables, variables } from './variables.js';

/** The environment does not fit: one line for each variable that is wrong, without its value where that is a secret. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

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
  /** The playbook's file; absent: the usual one. */
  playbook: string | undefined;
  /** Absent: rules classify. */
  openai: { apiKey: string; model: string; baseURL: string | undefined } | undefined;
  /** What a post must prove; neither: every post is taken. */
  credentials: { token: string | undefined; signingSecrets: readonly string[] };
  /** The first seals what is kept of texts and numbers, all of them open it; none: it is kept as it came. */
  payloadKeys: readonly PayloadKey[];
  /** Where Temporal Web UI and CLI get payloads decoded. */
  codec: { port: number; host: string; token: string | undefined };
  /** Whether texts may stand in the log, at level debug. */
  logTexts: boolean;
  replyMaxAgeMs: number;
  replyRetryForMs: number;
  /** How long a failed reply waits for an operator, from its last failure. */
  parkMs: number;
  logLevel: string;
  /** Absent: text on a terminal, JSON elsewhere. */
  logFormat: 'text' | 'json' | undefined;
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

  if (!isLoopback(read.HOST) && !env['WEBHOOK_SECRET'] && !env['WEBHOOK_SIGNING_SECRET']) {
    problems.push('WEBHOOK_SECRET or WEBHOOK_SIGNING_SECRET must be set when HOST is not a loopback address: anyone who reaches the port could post texts');
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
  const names = ['PORT', 'TEMPORAL_PORT', 'TEMPORAL_UI_PORT', 'GATEWAY_PORT', ...(read.PAYLOAD_KEYS ? (['CODEC_PORT'] as const) : [])] as const;
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
    playbook: read.PLAYBOOK,
    openai: read.OPENAI_API_KEY
      ? { apiKey: read.OPENAI_API_KEY, model: read.OPENAI_MODEL, baseURL: read.OPENAI_BASE_URL }
      : undefined,
    credentials: { token: read.WEBHOOK_SECRET, signingSecrets: read.WEBHOOK_SIGNING_SECRET ?? [] },
    payloadKeys: read.PAYLOAD_KEYS ?? [],
    codec: { port: read.CODEC_PORT, host: read.CODEC_HOST, token: read.CODEC_TOKEN },
    logTexts: read.LOG_TEXTS,
    replyMaxAgeMs: read.REPLY_MAX_AGE,
    replyRetryForMs: read.REPLY_RETRY_FOR,
    parkMs: read.PARK_DAYS * unitMs.d,
    logLevel: read.LOG_LEVEL,
    logFormat: read.LOG_FORMAT,
  };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}
