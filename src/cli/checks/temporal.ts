import { createLog, type Log } from '../../log/log.js';
import { OperatorError } from '../../process/errors.js';
import { defaultCacheFolder, locateTemporalProgram } from '../../temporal/dev-server/program.js';
import { findSecrets } from '../../process/installation-secret.js';
import type { TemporalConnection } from '../../temporal/connect.js';
import { inspectInstallation, isRefused, problemOf } from '../../temporal/installation.js';
import { inspectKeyInUse, type KeyUse, maxSeals } from '../../temporal/key-in-use.js';
import { inspectNamespace, toAccept } from '../../temporal/namespace.js';
import { prepareRuntime } from '../../temporal/runtime.js';
import { connectTo, findEmbedded } from '../connection.js';
import { type CheckContext, fail, type Finding, ok, skipped, together, warn } from './check.js';

/** Checks the program of the embedded server. A server at TEMPORAL_ADDRESS is checked with its namespace. */
export async function checkTemporal({ config, env }: CheckContext): Promise<Finding> {
  if (config.temporalAddress !== undefined) return ok(`TEMPORAL_ADDRESS is ${config.temporalAddress}`);
  const { namespace = 'default' } = config.temporal;
  if (namespace !== 'default')
    return warn(
      `TEMPORAL_NAMESPACE is ${namespace}, but the embedded server has no such namespace`,
      'set TEMPORAL_ADDRESS too, or unset TEMPORAL_NAMESPACE',
    );
  const { log, warnings } = warningsOnly();
  const binary = await locateTemporalProgram({
    searchPath: env['PATH'] ?? '',
    cacheFolder: defaultCacheFolder(env),
    log,
  });
  if (binary) return ok(`${binary.path}, server ${binary.serverVersion}`);
  const found = ['No Temporal server 1.29 or newer is installed', ...warnings].join('; ');
  return warn(
    found,
    'start Answerback: the first start downloads it, or builds it with Go in some minutes. ' +
      'Or put the Temporal CLI on PATH (https://docs.temporal.io/cli), or set TEMPORAL_ADDRESS',
  );
}

/** Checks the namespace's search attributes and its retention, as api and worker do when they start. */
export async function checkTemporalNamespace({ config }: CheckContext): Promise<Finding> {
  const embedded = await findEmbedded(config);
  if (config.temporalAddress === undefined && !embedded)
    return skipped('The embedded server does not run. It starts with the search attributes and a retention of 30 days');
  prepareRuntime(createLog({ level: 'silent', terminal: false }));
  try {
    const temporal = await connectTo(embedded, config);
    try {
      const [key] = config.payloadKeys;
      return together([
        await checkRetention(temporal, config),
        await checkSecrets(temporal, findSecrets(config)),
        ...(key ? [checkKeyUse(key.id, await inspectKeyInUse(temporal, key))] : []),
      ]);
    } finally {
      await temporal.connection.close();
    }
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    return fail(
      error.found,
      error.todo ??
        'check the server and the settings TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, TEMPORAL_API_KEY and TEMPORAL_TLS',
    );
  }
}

async function checkRetention(
  { connection, namespace, address }: TemporalConnection,
  { replyMaxAgeMs, acceptShortRetention }: CheckContext['config'],
): Promise<Finding> {
  const { found, todo } = await inspectNamespace(connection, namespace, replyMaxAgeMs);
  if (todo === undefined) return ok(`${address} has the search attributes. ${found}`);
  if (acceptShortRetention) return warn(`${found}. ACCEPT_SHORT_RETENTION accepts it`, todo);
  return fail(found, `${todo}, or ${toAccept}`);
}

/** Compares the secrets with those of the installation. */
async function checkSecrets(temporal: TemporalConnection, [first, ...others]: readonly string[]): Promise<Finding> {
  if (first === undefined)
    return fail(
      'ANSWERBACK_SECRET is not set, and DATA_DIR has none',
      'set it to the secret of the other processes; for a new installation make one with: openssl rand -hex 32',
    );
  const found = await inspectInstallation(temporal, [first, ...others]);
  if (isRefused(found)) return fail(problemOf(found, temporal), 'set it to what the other processes have');
  return {
    same: ok('ANSWERBACK_SECRET is the secret of this installation'),
    none: ok('No process has registered its ANSWERBACK_SECRET yet'),
    changing: warn('ANSWERBACK_SECRET is being changed', 'run "answerback contact rekey": docs/security.md says when'),
    'old-first': warn('The first secret of ANSWERBACK_SECRET is one that was replaced', 'put the new one first'),
  }[found];
}

/** Checks how much the key has encrypted. Undefined: no worker has used it yet. */
export function checkKeyUse(keyId: string, use: KeyUse | undefined): Finding {
  if (!use) return ok(`No worker has encrypted with the key ${keyId} of PAYLOAD_KEYS yet`);
  const found =
    `The key ${keyId} of PAYLOAD_KEYS encrypts since ${new Date(use.sinceMs).toISOString().slice(0, 10)}: ` +
    `about ${use.seals.toLocaleString('en-US')} times, of at most ${maxSeals.toLocaleString('en-US')}`;
  return use.seals < maxSeals / 2
    ? ok(found)
    : warn(found, 'put a new key first in PAYLOAD_KEYS: docs/security.md says how');
}

/** Collects warnings instead of logging them. */
function warningsOnly(): { log: Log; warnings: string[] } {
  const warnings: string[] = [];
  const nothing = () => {};
  const log = {
    debug: nothing,
    info: nothing,
    error: nothing,
    warn: (_event: object, message: string) => void warnings.push(message),
  } satisfies Log;
  return { log, warnings };
}
