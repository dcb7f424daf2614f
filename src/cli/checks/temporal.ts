import { createLog, type Log } from '../../log.js';
import { OperatorError } from '../../process.js';
import { defaultCacheFolder, locateTemporalBinary } from '../../temporal/binary.js';
import { inspectNamespace } from '../../temporal/namespace.js';
import { prepareRuntime } from '../../temporal/runtime.js';
import { connectTo, findEmbedded } from '../connection.js';
import { type CheckContext, fail, type Finding, ok, skipped, warn } from './check.js';

/** The program of the embedded server, or the server at TEMPORAL_ADDRESS. */
export async function checkTemporal({ config, env }: CheckContext): Promise<Finding> {
  if (config.temporalAddress !== undefined) return ok(`TEMPORAL_ADDRESS is ${config.temporalAddress}`);
  const { namespace = 'default' } = config.temporal;
  if (namespace !== 'default') return warn(`TEMPORAL_NAMESPACE is ${namespace}, which the embedded server does not have`, 'set TEMPORAL_ADDRESS too, or unset TEMPORAL_NAMESPACE');
  const { log, warnings } = warningsOnly();
  const binary = await locateTemporalBinary({ searchPath: env['PATH'] ?? '', cacheFolder: defaultCacheFolder(env), log });
  if (binary) return ok(`${binary.path}, server ${binary.serverVersion}`);
  const found = ['No Temporal server of 1.29 or newer is installed', ...warnings].join('; ');
  return warn(found, 'the first start downloads it, or builds it with Go in some minutes; or put the Temporal CLI on PATH (https://docs.temporal.io/cli), or set TEMPORAL_ADDRESS');
}

/** The search attribute ReplyState and the retention of the namespace, as the worker checks them at its start. */
export async function checkTemporalNamespace({ config }: CheckContext): Promise<Finding> {
  const embedded = await findEmbedded(config);
  if (config.temporalAddress === undefined && !embedded) return skipped('The embedded server does not run; its start sets ReplyState and 30 days of retention');
  prepareRuntime(createLog({ level: 'silent', terminal: false }));
  try {
    const temporal = await connectTo(embedded, config);
    try {
      const short = await inspectNamespace(temporal.connection, temporal.namespace);
      if (short) return warn(short.found, short.todo);
      return ok(`Namespace ${temporal.namespace} at ${temporal.address} has ReplyState and 30 days of retention`);
    } finally {
      await temporal.connection.close();
    }
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    return fail(error.found, error.todo ?? 'look at the server, and at what TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, TEMPORAL_API_KEY and TEMPORAL_TLS say');
  }
}

/** Collects what would be logged as a warning. */
function warningsOnly(): { log: Log; warnings: string[] } {
  const warnings: string[] = [];
  const nothing = () => {};
  const log = { trace: nothing, debug: nothing, info: nothing, error: nothing, fatal: nothing, warn: (_event: object, message: string) => void warnings.push(message) } as unknown as Log;
  return { log, warnings };
}
