import { fixedWaits } from '../src/config/waiting.js';
import { variables } from '../src/config/variables.js';
import { type Variable, variableGroups } from '../src/variables/variable.js';

type Group = (typeof variableGroups)[number];

const head = `# Configuration

<!-- Written by \`npm run docs:configuration\` from src/config and src/gateways. Change the text there. -->

Settings are environment variables, or lines in a file \`.env\` in the folder where Answerback starts. Environment variables have priority. [.env.example](../.env.example) has every setting with its default.

A start with wrong settings names every wrong one and ends with exit code 2. An empty variable counts as not set. Settings are read at the start of a process; only the playbook is read again after an edit.
`;

/** What a reader needs to know before the table of a group. */
const introductions: Partial<Record<Group, string>> = {
  'The webhook': "The api doesn't start without a secret: [who may post](security.md#who-may-post).",
  Replies: '[The playbook](playbook.md) has the labels and the templates of the replies.',
  'Waiting and limits': '[limits.md](limits.md) explains everything that waits, with examples.',
  Events: '[events.md](events.md) has what is sent, and how to verify it.',
  Temporal:
    'All of these except `ACCEPT_SHORT_RETENTION`, `TEMPORAL_PORT`, `TEMPORAL_UI_PORT` and `TEMPORAL_UI_URL` mean the same as in Temporal’s own programs.',
  Encryption: 'What is encrypted, and who can read it: [security.md](security.md#encrypt-what-is-kept).',
  Metrics: '[metrics.md](metrics.md) lists the metrics.',
  Logs: '[log-events.md](log-events.md) lists the events.',
};

/** Variables that Temporal's own library reads, beside those of Answerback: https://docs.temporal.io/develop/environment-configuration */
const temporalVariables: ReadonlyArray<readonly [name: string, fallback: string, meaning: string, value: string]> = [
  ['TEMPORAL_NAMESPACE', '`default`', 'The namespace on that server.', 'a name'],
  ['TEMPORAL_API_KEY', 'not set', 'An API key of Temporal Cloud. It switches TLS on.', 'a key'],
  ['TEMPORAL_TLS_CLIENT_CERT_PATH', 'not set', 'The certificate of this client, for mTLS.', 'a file'],
  ['TEMPORAL_TLS_CLIENT_KEY_PATH', 'not set', 'The key of that certificate.', 'a file'],
  ['TEMPORAL_TLS_SERVER_CA_CERT_PATH', 'that of the system', 'The certificate authority of the server.', 'a file'],
  ['TEMPORAL_TLS_SERVER_NAME', 'from the address', 'The name in the certificate of the server.', 'a host name'],
  ['TEMPORAL_PROFILE', 'not set', 'A profile in Temporal’s configuration file.', 'a name'],
  ['TEMPORAL_CONFIG_FILE', 'the usual place', 'The path of that file.', 'a file'],
];

/** docs/configuration.md, as the schemas of the settings have it. */
export function configurationPage(): string {
  return [head, ...variableGroups.map(sectionOf)].join('\n');
}

function sectionOf(group: Group): string {
  const rows = Object.entries<Variable>(variables).flatMap(([name, variable]) =>
    variable.group === group ? [rowOf(name, variable)] : [],
  );
  if (group === 'Temporal') rows.push(...temporalVariables.map(([name, ...cells]) => row(`\`${name}\``, ...cells)));
  const introduction = introductions[group];
  return [
    `## ${group}\n`,
    ...(introduction === undefined ? [] : [`${introduction}\n`]),
    row('variable', 'default', 'what it sets', 'value'),
    '|---|---|---|---|',
    ...rows,
    ...(group === 'Waiting and limits' ? [fixedTable()] : []),
    '',
  ].join('\n');
}

function rowOf(name: string, { default: fallback, meaning, expected }: Variable): string {
  return row(`\`${name}\``, fallback === undefined ? 'not set' : code(fallback), meaning, expected);
}

/** A default that is a value and not a sentence. */
const code = (text: string) => (/\s/.test(text) ? text : `\`${text}\``);

const row = (...cells: string[]) => `| ${cells.join(' | ')} |`;

function fixedTable(): string {
  const { forwarderBackoff, modelBackoff, replyBackoff, stopWaits } = fixedWaits;
  return [
    '\nThese waits are fixed:\n',
    row('what', 'value'),
    '|---|---|',
    row('how long a post waits until its messages are stored', time(fixedWaits.commitDeadlineMs)),
    row('between two tries whether Temporal is back', backoff(forwarderBackoff)),
    row('between two tries of a stuck message', time(fixedWaits.stuckRetryMs)),
    row('one request to the model', time(fixedWaits.modelTimeoutMs)),
    row('between two requests to the model', backoff(modelBackoff)),
    row(
      'how long the model is tried before the rules classify',
      `${time(fixedWaits.modelRetryForMs)} from the first failure`,
    ),
    row(
      'how long the rules are tried when they fail',
      `${fixedWaits.considerRetry.attempts} attempts within ${time(fixedWaits.considerRetry.withinMs)}`,
    ),
    row('how long a message that could not be considered stays parked', time(fixedWaits.considerParkMs)),
    row('one request to send a reply', time(fixedWaits.sendTimeoutMs)),
    row('between two tries to send a reply', backoff(replyBackoff)),
    row('the longest `Retry-After` of a gateway that is honoured', time(replyBackoff.maxWaitMs)),
    row('one request that tells an event', time(fixedWaits.eventTimeoutMs)),
    row('between two tries to tell an event', backoff(fixedWaits.eventBackoff)),
    row('how long an event is tried', time(fixedWaits.eventRetryForMs)),
    row('how long `retryReplyNow` waits for its result', time(fixedWaits.updateWaitMs)),
    row('how long a process takes to stop, at most', time(stopWaits.processMs)),
  ].join('\n');
}

interface Backoff {
  firstWaitMs: number;
  coefficient: number;
  maxWaitMs: number;
}

function backoff({ firstWaitMs, coefficient, maxWaitMs }: Backoff): string {
  return `${time(firstWaitMs)} first, then ${coefficient} times the wait before, at most ${time(maxWaitMs)}`;
}

function time(ms: number): string {
  if (ms >= 3_600_000) return `${ms / 3_600_000} h`;
  return ms >= 60_000 ? `${ms / 60_000} min` : `${ms / 1_000} s`;
}
