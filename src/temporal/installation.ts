import { createHmac } from 'node:crypto';
import { installation } from '../domain/names.js';
import { ConfigError, OperatorError } from '../process/errors.js';
import { deriveKey } from '../secrets/derive-key.js';
import { ignoringNoRun } from './ignoring-no-run.js';
import { leaveMarker, type Temporal, withMarkers } from './marker.js';

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

function keptFingerprint(temporal: Temporal): Promise<string | undefined> {
  return ignoringNoRun(async () => {
    const { type, memo } = await withMarkers(temporal, (client) =>
      client.workflow.getHandle(installation.workflowId).describe(),
    );
    const fingerprint = memo?.[installation.memo];
    if (type === installation.workflowType && typeof fingerprint === 'string') return fingerprint;
    throw new OperatorError(
      `The workflow ${installation.workflowId} in the namespace ${temporal.namespace} is not the one that Answerback ` +
        'keeps there',
      'delete that workflow, or use another namespace',
    );
  });
}

/** @returns the fingerprint that is kept now: this one, or that of a process that was faster */
async function keepFingerprint(temporal: Temporal, fingerprint: string): Promise<string | undefined> {
  const { workflowId, workflowType, taskQueue } = installation;
  const memo = { [installation.memo]: fingerprint };
  const isLeft = await leaveMarker(temporal, { workflowId, workflowType, taskQueue, memo });
  return isLeft ? fingerprint : keptFingerprint(temporal);
}
