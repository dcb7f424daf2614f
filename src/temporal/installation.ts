import { createHmac } from 'node:crypto';
import { ConfigError } from '../process/errors.js';
import type { Secrets } from '../process/installation-secret.js';
import { deriveKey } from '../secrets/derive-key.js';
import {
  type KeptFingerprints,
  leaveFingerprints,
  readFingerprints,
  replaceFingerprints,
} from './kept-fingerprints.js';
import type { Temporal } from './marker.js';

/** Returns what Temporal keeps of a secret, to recognise it. It doesn't reveal the secret. */
export function fingerprintOf(secret: string): string {
  return createHmac('sha256', deriveKey(secret, 'fingerprint')).update('answerback installation').digest('hex');
}

/**
 * How the secrets of a process compare with those of the installation. `none`: nothing is known of it yet. `changing`:
 * `contact rekey` has to run. `old-first`: the first secret is one that was replaced. A process with any of the others
 * must not run.
 */
export type Comparison = 'none' | 'same' | 'changing' | 'old-first' | Refused;
type Refused = 'other' | 'lacks-new' | 'lacks-earlier' | 'replaced';

/**
 * Checks that this process has the secrets of the installation, and registers its first one, under which it keeps
 * contacts. The first process of a namespace stores the fingerprint there.
 *
 * @throws {ConfigError} when this namespace needs a secret that this process lacks
 */
export async function checkInstallation(temporal: Temporal, secrets: Secrets): Promise<void> {
  const own = { current: fingerprintOf(secrets[0]), needed: [], earlier: [] };
  const kept = (await readFingerprints(temporal)) ?? (await leaveFingerprints(temporal, own));
  refuse(compare(kept, secrets), temporal);
  await registerFirst(temporal, kept, secrets);
}

/**
 * Checks the secrets of a command that only reads, and stores nothing.
 *
 * @throws {ConfigError} as `checkInstallation`
 */
export async function checkSecretsOfReader(temporal: Temporal, secrets: Secrets): Promise<void> {
  const kept = await readFingerprints(temporal);
  if (kept) refuse(compare(kept, secrets), temporal);
}

/** Compares the secrets with those of the installation, without storing anything. */
export async function inspectInstallation(temporal: Temporal, secrets: Secrets): Promise<Comparison> {
  const kept = await readFingerprints(temporal);
  return kept ? compare(kept, secrets) : 'none';
}

/** Makes the first secret the one in use: no contact is kept under another one any more. */
export async function finishChange(temporal: Temporal, secrets: Secrets): Promise<void> {
  const kept = await readFingerprints(temporal);
  const first = fingerprintOf(secrets[0]);
  const before = kept ? [...kept.earlier, kept.current, ...kept.needed] : [];
  const earlier = [...new Set(before)].filter((one) => one !== first);
  await replaceFingerprints(temporal, { current: first, needed: [], earlier });
}

export function problemOf(refused: Refused, { namespace }: Pick<Temporal, 'namespace'>): string {
  return {
    other:
      `ANSWERBACK_SECRET must be the secret of this installation: the namespace ${namespace} belongs to another one. ` +
      'A new secret needs the earlier one after it, until "answerback contact rekey" has run',
    'lacks-new':
      `ANSWERBACK_SECRET must have the new secret too: in the namespace ${namespace} it is being changed, and some ` +
      'processes write with the new one already',
    'lacks-earlier':
      'ANSWERBACK_SECRET must have the earlier secret too, after the new one: "answerback contact rekey" has not ' +
      `finished in the namespace ${namespace}`,
    replaced:
      'ANSWERBACK_SECRET must have the new secret: "answerback contact rekey" has replaced this one in the namespace ' +
      namespace,
  }[refused];
}

export const isRefused = (comparison: Comparison): comparison is Refused =>
  comparison === 'other' || comparison.startsWith('lacks-') || comparison === 'replaced';

function refuse(comparison: Comparison, temporal: Temporal): void {
  if (isRefused(comparison)) throw new ConfigError([problemOf(comparison, temporal)]);
}

function compare({ current, needed, earlier }: KeptFingerprints, secrets: Secrets): Comparison {
  const own = secrets.map(fingerprintOf);
  const isOneOf = (fingerprints: readonly string[]) => own.some((one) => fingerprints.includes(one));
  if (!own.includes(current)) {
    if (isOneOf(needed)) return 'lacks-earlier';
    return isOneOf(earlier) ? 'replaced' : 'other';
  }
  const lacking = needed.find((one) => !own.includes(one));
  if (lacking !== undefined) return earlier.includes(lacking) ? 'lacks-earlier' : 'lacks-new';
  const [first = ''] = own;
  if (earlier.includes(first)) return 'old-first';
  return first === current && needed.length === 0 ? 'same' : 'changing';
}

/** From then on no process starts that would not see the contacts under this secret. */
async function registerFirst(temporal: Temporal, kept: KeptFingerprints, secrets: Secrets): Promise<void> {
  const first = fingerprintOf(secrets[0]);
  if (first === kept.current || kept.needed.includes(first)) return;
  await replaceFingerprints(temporal, { ...kept, needed: [...kept.needed, first] });
}
