import { createHmac } from 'node:crypto';
import { Client, WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';
import { installation } from '../domain/names.js';
import { ConfigError, OperatorError } from '../process/errors.js';
import { deriveKey } from '../secrets/derive-key.js';
import type { TemporalConnection } from './connect.js';

type Temporal = Pick<TemporalConnection, 'connection' | 'namespace'>;

/** The run that keeps the fingerprint never begins. The server counts this delay as a duration of at most 292 years. */
export const startDelay = '20000 days';
export const callWithinMs = 5_000;

/** Returns what Temporal keeps of ANSWERBACK_SECRET, to recognise it. It doesn't reveal the secret. */
export function fingerprintOf(secret: string): string {
  return createHmac('sha256', deriveKey(secret, 'fingerprint')).update('answerback installation').digest('hex');
}

/**
 * Checks that this process has the secret of the installation. The first process of a namespace stores the secret's
 * fingerprint there.
 *
 * @throws {ConfigError} when another secret belongs to this namespace
 */
export async function checkInstallation(temporal: Temporal, secret: string): Promise<void> {
  const kept = (await keptFingerprint(temporal)) ?? (await keepFingerprint(temporal, fingerprintOf(secret)));
  if (kept !== fingerprintOf(secret)) throw new ConfigError([otherSecret(temporal.namespace)]);
}

/** Compares a secret with the one of the installation, without storing anything. */
export async function inspectInstallation(temporal: Temporal, secret: string): Promise<'same' | 'other' | 'none'> {
  const kept = await keptFingerprint(temporal);
  if (kept === undefined) return 'none';
  return kept === fingerprintOf(secret) ? 'same' : 'other';
}

export const otherSecret = (namespace: string) =>
  `ANSWERBACK_SECRET must be the secret of this installation: the namespace ${namespace} belongs to another one`;

/** Without the payload codec: a process may lack the keys. */
export const plainClient = ({ connection, namespace }: Temporal) => new Client({ connection, namespace });

async function keptFingerprint(temporal: Temporal): Promise<string | undefined> {
  const client = plainClient(temporal);
  try {
    const { type, memo } = await client.withDeadline(Date.now() + callWithinMs, () =>
      client.workflow.getHandle(installation.workflowId).describe(),
    );
    const fingerprint = memo?.[installation.memo];
    if (type === installation.workflowType && typeof fingerprint === 'string') return fingerprint;
    throw new OperatorError(
      `The workflow ${installation.workflowId} in the namespace ${temporal.namespace} is not the one that Answerback ` +
        'keeps there',
      'delete that workflow, or use another namespace',
    );
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}

/** @returns the fingerprint that is kept now: this one, or that of a process that was faster */
async function keepFingerprint(temporal: Temporal, fingerprint: string): Promise<string | undefined> {
  const client = plainClient(temporal);
  try {
    await client.withDeadline(Date.now() + callWithinMs, () =>
      client.workflow.start(installation.workflowType, {
        workflowId: installation.workflowId,
        taskQueue: installation.taskQueue,
        startDelay,
        memo: { [installation.memo]: fingerprint },
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
        workflowIdConflictPolicy: 'FAIL',
      }),
    );
    return fingerprint;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return keptFingerprint(temporal);
    throw error;
  }
}
