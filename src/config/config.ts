import { type ClientConnectConfig, loadClientConnectConfig } from '@temporalio/envconfig';
import type { CountryCode } from 'libphonenumber-js';
import type { ReplyLimit } from '../domain/reply-limit.js';
import type { RepliedSenders } from '../domain/sender-list.js';
import { ConfigError } from '../process/errors.js';
import type { PayloadKey } from '../secrets/keyring.js';
import { type GatewayName, gateways } from '../gateways/registry.js';
import { unitMs } from '../variables/kinds.js';
import { type EventsConfig, eventsOf, problemsOfEvents } from './events.js';
import { configuredGateways, type GatewayConfigs, readGateways, secretNeeded, secretVariables } from './gateways.js';
import { type Variables, variables } from './variables.js';
import { type ReasoningEffort, reasoningEffortFor } from './variables/classification.js';
import { defaultDataDir } from './variables/storage.js';
import { smsPerMinuteOf } from './waiting.js';

/** The checked settings. All times are in milliseconds. */
export interface Config {
  port: number;
  host: string;
  /** The country of numbers without `+` or `00`. Undefined: they are kept as their digits. */
  defaultCountry: CountryCode | undefined;
  dataDir: string;
  /**
   * The first writes, all of them are read. Empty: none is set. `npm start` and commands then use those in `dataDir`.
   */
  secrets: readonly string[];
  /** Where a message must be stored before the gateway gets its 200: in the inbox on this disk, or in Temporal. */
  ackAfter: 'inbox' | 'temporal';
  /**
   * Whether the api has an inbox: texts or, with ACK_AFTER=temporal, only what is in quarantine. Without one, it needs
   * no disk.
   */
  hasInbox: boolean;
  /** Undefined: `npm start` runs the embedded server. */
  temporalAddress: string | undefined;
  /** The connection to a Temporal server other than the embedded one. */
  temporal: ClientConnectConfig;
  /** Whether a retention of less than `replyMaxAgeMs` and a week is accepted. */
  acceptShortRetention: boolean;
  temporalPort: number;
  temporalUiPort: number;
  /** The URL of Temporal Web UI, for links in the log. Undefined: the embedded server's, if it runs. */
  temporalUiUrl: string | undefined;
  gateways: GatewayConfigs;
  /** The base of the webhooks, as gateways call them, without a slash at its end. */
  publicUrl: string | undefined;
  /** `isUsed`: replies of a gateway go to the simulated one. */
  simulatedGateway: { isUsed: boolean; port: number };
  autoReply: { enabled: boolean; text: string | undefined };
  /** Automatic replies to older messages are parked, in Unix milliseconds. Undefined: Temporal was not restored. */
  restoredAtMs: number | undefined;
  repliedSenders: RepliedSenders;
  /** How many automatic replies one sender gets. */
  repliesPerSender: readonly ReplyLimit[];
  /** About how many replies all senders together get in 24 hours. Undefined: no limit. */
  repliesPerDay: number | undefined;
  /** Within which time the same text of a sender is a double, and for which senders it isn't. */
  doubles: { windowMs: number; except: readonly string[] };
  /** The playbook file. Undefined: `playbook.yaml` in the current folder, or else the built-in playbook. */
  playbook: string | undefined;
  /** Undefined: the rules classify. */
  openai:
    | {
        apiKey: string;
        model: string;
        baseURL: string | undefined;
        /** Undefined: not sent. */
        reasoningEffort: ReasoningEffort | undefined;
      }
    | undefined;
  /**
   * The keys for stored texts and numbers: the first encrypts, all of them decrypt. Without any, nothing is
   * encrypted.
   */
  payloadKeys: readonly PayloadKey[];
  /** The endpoint that decrypts payloads for Temporal Web UI and the `temporal` command. */
  codec: { port: number; host: string; token: string | undefined };
  /** Where the metrics endpoint listens. The worker has another default port. */
  metrics: { port: number; host: string };
  /** Undefined: no event is told. */
  events: EventsConfig | undefined;
  /** Whether texts may be logged, at level debug. */
  logTexts: boolean;
  /** Rate limits of all workers together. Undefined: no limit. */
  limits: {
    smsPerMinute: Readonly<Record<GatewayName, number | undefined>>;
    openaiPerSecond: number | undefined;
  };
  replyMaxAgeMs: number;
  replyRetryForMs: number;
  /** How long a parked reply waits for an operator after its last failure. */
  parkMs: number;
  logLevel: string;
  /** Undefined: text on a terminal, JSON elsewhere. */
  logFormat: 'text' | 'json' | undefined;
}

/** Where metrics are served when METRICS_PORT is not set. */
export const metricsPorts = { worker: 9465, others: 9464 } as const;

/**
 * Reads the settings from environment variables. An empty variable counts as not set.
 *
 * @param defaults.metricsPort this process's port when METRICS_PORT is not set
 * @throws {ConfigError} with all problems at once
 */
export function loadConfig(
  env: Readonly<Record<string, string | undefined>>,
  { metricsPort = metricsPorts.others }: { metricsPort?: number } = {},
): Config {
  const problems: string[] = [];
  const read = Object.fromEntries(
    Object.entries(variables).map(([name, { schema, expected }]) => {
      const parsed = schema.safeParse(env[name] || undefined);
      if (!parsed.success) problems.push(`${name} must be ${expected}`);
      return [name, parsed.data];
    }),
  ) as Variables;

  const { configs, problems: problemsOfGateways } = readGateways(read);
  problems.push(...problemsOfGateways);
  if (!isLoopback(read.HOST) && !secretVariables.some((name) => env[name])) {
    problems.push(
      `${secretNeeded} when HOST is not a loopback address: ` +
        'otherwise anyone who can reach the port can post texts',
    );
  }
  problems.push(...problemsOfEvents(env));
  const settings = { ...read, METRICS_PORT: read.METRICS_PORT ?? metricsPort };
  problems.push(...equalPorts(settings));
  const temporal = readTemporalProfile(env, problems);
  if (problems.length > 0) throw new ConfigError(problems);

  return toConfig(settings, configs, temporal);
}

type Settings = Variables & { METRICS_PORT: number };

function equalPorts(read: Settings): string[] {
  const names = [
    'PORT',
    'TEMPORAL_PORT',
    'TEMPORAL_UI_PORT',
    'GATEWAY_PORT',
    'METRICS_PORT',
    ...(read.PAYLOAD_KEYS ? (['CODEC_PORT'] as const) : []),
  ] as const;
  return names.flatMap((name, index) => {
    const other = names.slice(0, index).find((earlier) => read[earlier] !== undefined && read[earlier] === read[name]);
    return other ? [`${name} must be a different port from ${other}`] : [];
  });
}

/** The connection from the TEMPORAL_* variables and the Temporal configuration file. */
function readTemporalProfile(
  env: Readonly<Record<string, string | undefined>>,
  problems: string[],
): ClientConnectConfig {
  const set = Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => Boolean(entry[1])));
  try {
    return loadClientConnectConfig({ overrideEnvVars: set });
  } catch (error) {
    problems.push(
      'TEMPORAL_* and the Temporal configuration file must be valid together: ' +
        (error instanceof Error ? error.message.split('\n')[0] : String(error)),
    );
    return { connectionOptions: {} };
  }
}

function smsPerMinuteOfAll(read: Settings): Config['limits']['smsPerMinute'] {
  const ofGateway = read as unknown as Record<string, number | undefined>;
  return Object.fromEntries(
    gateways.map(({ name }) => [name, ofGateway[smsPerMinuteOf(name)] ?? read.SMS_PER_MINUTE]),
  ) as Config['limits']['smsPerMinute'];
}

function toConfig(read: Settings, gatewayConfigs: GatewayConfigs, temporal: ClientConnectConfig): Config {
  const isSimulated = configuredGateways(gatewayConfigs).map(({ settings }) => settings.simulated);
  return {
    port: read.PORT,
    host: read.HOST,
    defaultCountry: read.DEFAULT_COUNTRY,
    dataDir: read.DATA_DIR ?? defaultDataDir,
    secrets: read.ANSWERBACK_SECRET ?? [],
    ackAfter: read.ACK_AFTER,
    hasInbox: read.ACK_AFTER === 'inbox' || read.DATA_DIR !== undefined,
    temporalAddress: read.TEMPORAL_ADDRESS,
    temporal,
    acceptShortRetention: read.ACCEPT_SHORT_RETENTION,
    temporalPort: read.TEMPORAL_PORT,
    temporalUiPort: read.TEMPORAL_UI_PORT,
    temporalUiUrl: read.TEMPORAL_UI_URL,
    gateways: gatewayConfigs,
    publicUrl: read.PUBLIC_URL,
    simulatedGateway: { isUsed: isSimulated.includes(true), port: read.GATEWAY_PORT },
    autoReply: {
      enabled: read.SMS_AUTO_REPLY_ENABLED ?? !isSimulated.includes(false),
      text: read.SMS_AUTO_REPLY_TEXT,
    },
    restoredAtMs: read.RESTORED_AT,
    repliedSenders: { allow: read.REPLY_ALLOW, deny: read.REPLY_DENY ?? [] },
    repliesPerSender: read.REPLIES_PER_SENDER,
    repliesPerDay: read.REPLIES_PER_DAY,
    doubles: { windowMs: read.DOUBLE_WINDOW, except: read.DOUBLE_EXCEPT ?? [] },
    playbook: read.PLAYBOOK,
    openai: read.OPENAI_API_KEY
      ? {
          apiKey: read.OPENAI_API_KEY,
          model: read.OPENAI_MODEL,
          baseURL: read.OPENAI_BASE_URL,
          reasoningEffort: reasoningEffortFor(read.OPENAI_MODEL, read.OPENAI_REASONING_EFFORT),
        }
      : undefined,
    payloadKeys: read.PAYLOAD_KEYS ?? [],
    codec: { port: read.CODEC_PORT, host: read.CODEC_HOST, token: read.CODEC_TOKEN },
    metrics: { port: read.METRICS_PORT, host: read.METRICS_HOST },
    events: eventsOf(read),
    logTexts: read.LOG_TEXTS,
    limits: { smsPerMinute: smsPerMinuteOfAll(read), openaiPerSecond: read.OPENAI_RPS },
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
