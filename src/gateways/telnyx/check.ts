import type { AdminFinding } from '../admin.js';
import { hooksUnknown } from '../hooks-finding.js';
import { listProfiles, type TelnyxAccount } from './account.js';
import { notesOn, stepOf } from './connect.js';

/** Checks the key, and of how many messaging profiles the texts come here. */
export async function checkAccount(account: TelnyxAccount, publicUrl: string | undefined): Promise<AdminFinding[]> {
  const profiles = await listProfiles(account);
  const accepted: AdminFinding = { status: 'ok', found: 'Telnyx accepts TELNYX_API_KEY' };
  if (!publicUrl) return [accepted, hooksUnknown('telnyx')];
  const here = profiles.filter((profile) => stepOf(account, profile, publicUrl).state === 'done');
  const found = `${here.length} of ${profiles.length} messaging profile(s) post to ${publicUrl}`;
  return [
    accepted,
    here.length > 0 ? { status: 'ok', found } : { status: 'warn', found, todo: 'run "answerback connect telnyx"' },
    ...here.flatMap((profile) => notesOn(profile, publicUrl)).map((note) => ({ status: 'warn' as const, ...note })),
  ];
}
