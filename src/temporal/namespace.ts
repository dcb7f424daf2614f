// A CommonJS module: Node's ESM loader can't see its named exports.
import proto, { type temporal } from '@temporalio/proto';
import type { NativeConnection } from '@temporalio/worker';
import { ConfigError, OperatorError } from '../process/errors.js';
import { contactState, replyState, senderAttribute } from '../domain/names.js';

const day = 86_400;

/** How long the embedded server keeps a closed run at least. */
const usualDays = 30;

/** How much longer than REPLY_MAX_AGE a closed run must be kept: gateways post messages again for some days. */
const spareDays = 7;

const searchAttributes = [replyState.name, senderAttribute.name, contactState.name];
const keyword = proto.temporal.api.enums.v1.IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD;

/** What decides which retention is enough. */
export interface RetentionRules {
  replyMaxAgeMs: number;
  /** Accepts any retention. */
  acceptShortRetention: boolean;
}

/**
 * Sets up the embedded server's namespace: adds the search attributes, and sets a retention of 30 days, or more where
 * REPLY_MAX_AGE needs it. Only one process may do this at a time: when two add an attribute at
 * once, the server gives it two columns, and each query reads a random one of them.
 */
export async function ensureNamespace(
  connection: NativeConnection,
  namespace: string,
  { replyMaxAgeMs }: Pick<RetentionRules, 'replyMaxAgeMs'> = { replyMaxAgeMs: 0 },
): Promise<void> {
  const { config } = await connection.workflowService.describeNamespace({ namespace });
  const present = Object.values(config?.customSearchAttributeAliases ?? {});
  const missing = searchAttributes.filter((name) => !present.includes(name));
  if (missing.length > 0)
    await connection.operatorService.addSearchAttributes({
      namespace,
      searchAttributes: Object.fromEntries(missing.map((name) => [name, keyword])),
    });
  const seconds = daysToSet(replyMaxAgeMs) * day;
  if (retentionSecondsOf(config) < seconds)
    await connection.workflowService.updateNamespace({
      namespace,
      config: { workflowExecutionRetentionTtl: { seconds: seconds as never } },
    });
}

/**
 * Checks a namespace that Answerback must not change.
 *
 * @throws {OperatorError} when the namespace or a search attribute is missing
 * @throws {ConfigError} when its retention is too short, and not accepted; both name the command that changes it
 */
export async function checkNamespace(
  connection: NativeConnection,
  namespace: string,
  { replyMaxAgeMs, acceptShortRetention }: RetentionRules,
): Promise<void> {
  const { found, todo } = await inspectNamespace(connection, namespace, replyMaxAgeMs);
  if (todo !== undefined && !acceptShortRetention) throw new ConfigError([`${found}: ${todo}, or ${toAccept}`]);
}

/** How operators accept a short retention. */
export const toAccept = 'set ACCEPT_SHORT_RETENTION=true';

/**
 * Checks that a namespace has what `ensureNamespace` sets.
 *
 * @returns its retention in words; `todo` has the command that raises it when it is too short
 * @throws {OperatorError} with the command that adds the namespace or a search attribute when it is missing
 */
export async function inspectNamespace(
  connection: NativeConnection,
  namespace: string,
  replyMaxAgeMs: number,
): Promise<{ found: string; todo: string | undefined }> {
  await checkSearchAttributes(connection, namespace);
  const { config } = await connection.workflowService.describeNamespace({ namespace });
  const [kept, needed] = [retentionSecondsOf(config) / day, daysNeeded(replyMaxAgeMs)];
  const isShort = kept < needed;
  return {
    found:
      `Namespace ${namespace} keeps closed runs for ${inWords(kept)}, ` +
      `${isShort ? 'less than' : 'enough for'} REPLY_MAX_AGE and a week (${inWords(needed)})` +
      (isShort ? ', so a message that is posted again later gets a second reply' : ''),
    todo: isShort
      ? `run "temporal operator namespace update --namespace ${namespace} --retention ${daysToSet(replyMaxAgeMs)}d"`
      : undefined,
  };
}

const daysNeeded = (replyMaxAgeMs: number): number => replyMaxAgeMs / 1_000 / day + spareDays;

const daysToSet = (replyMaxAgeMs: number): number => Math.max(usualDays, Math.ceil(daysNeeded(replyMaxAgeMs)));

const inWords = (days: number): string => `${Number(days.toFixed(1))} day(s)`;

async function checkSearchAttributes(connection: NativeConnection, namespace: string): Promise<void> {
  const missing: string[] = [];
  for (const name of searchAttributes) if (!(await hasSearchAttribute(connection, namespace, name))) missing.push(name);
  if (missing.length > 0)
    throw new OperatorError(
      `The Temporal namespace ${namespace} lacks the search attribute ${missing.join(' and ')}`,
      `add it with: temporal operator search-attribute create --namespace ${namespace} ` +
        missing.map((name) => `--name ${name} --type Keyword`).join(' '),
    );
}

/** Counts by the attribute: this is the only check that every server allows, Temporal Cloud included. */
async function hasSearchAttribute(connection: NativeConnection, namespace: string, name: string): Promise<boolean> {
  try {
    await connection.workflowService.countWorkflowExecutions({ namespace, query: `${name} = 'none'` });
    return true;
  } catch (error) {
    const details = error instanceof Error ? error.message : String(error);
    if (details.includes(name)) return false;
    if (/not found/i.test(details) && /namespace/i.test(details)) {
      throw new OperatorError(
        `The Temporal namespace ${namespace} does not exist`,
        `create it with: temporal operator namespace create --namespace ${namespace} --retention ${usualDays}d`,
      );
    }
    throw new OperatorError(`Temporal can't check the namespace ${namespace}: ${details}`);
  }
}

function retentionSecondsOf(config: temporal.api.namespace.v1.INamespaceConfig | null | undefined): number {
  return Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0);
}
