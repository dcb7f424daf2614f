import { installation } from '../domain/names.js';
import { OperatorError } from '../process/errors.js';
import { retried } from './contact-changed.js';
import { ignoringNoRun } from './ignoring-no-run.js';
import { leaveMarker, type Marker, replaceMarker, type Temporal, withMarkers } from './marker.js';

/** What Temporal keeps of the secrets of an installation, to recognise them. */
export interface KeptFingerprints {
  /** That of the secret in use. */
  current: string;
  /** Those of other secrets under which contacts may be kept, while the secret is being changed. */
  needed: readonly string[];
  /** Those of secrets that were in use before. */
  earlier: readonly string[];
}

const { current, needed, earlier } = installation.memo;

/** Reads the fingerprints; undefined: no process has started in this namespace. */
export function readFingerprints(temporal: Temporal): Promise<KeptFingerprints | undefined> {
  return ignoringNoRun(async () => {
    const { type, memo } = await withMarkers(temporal, (client) =>
      client.workflow.getHandle(installation.workflowId).describe(),
    );
    const fingerprint = memo?.[current];
    if (type === installation.workflowType && typeof fingerprint === 'string')
      return { current: fingerprint, needed: listIn(memo?.[needed]), earlier: listIn(memo?.[earlier]) };
    throw new OperatorError(
      `The workflow ${installation.workflowId} in the namespace ${temporal.namespace} is not the one that Answerback ` +
        'keeps there',
      'delete that workflow, or use another namespace',
    );
  });
}

/** @returns the fingerprints that are kept now: these, or those of a process that was faster */
export async function leaveFingerprints(temporal: Temporal, kept: KeptFingerprints): Promise<KeptFingerprints> {
  const isLeft = await leaveMarker(temporal, markerOf(kept));
  return (isLeft ? undefined : await readFingerprints(temporal)) ?? kept;
}

export const replaceFingerprints = (temporal: Temporal, kept: KeptFingerprints): Promise<void> =>
  retried(() => replaceMarker(temporal, markerOf(kept)));

function markerOf(kept: KeptFingerprints): Marker {
  const { workflowId, workflowType, taskQueue } = installation;
  const lists = { [needed]: kept.needed, [earlier]: kept.earlier };
  const used = Object.entries(lists).filter(([, list]) => list.length > 0);
  return { workflowId, workflowType, taskQueue, memo: { [current]: kept.current, ...Object.fromEntries(used) } };
}

const listIn = (found: unknown): string[] => (Array.isArray(found) ? found.map(String) : []);
