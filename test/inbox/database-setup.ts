import { afterEach, beforeEach } from 'vitest';
import { InboxDatabase } from '../../src/inbox/database.js';
import { type InboxFile, openInboxFile } from '../../src/inbox/schema.js';
import { createKeyring, type PayloadKey } from '../../src/secrets/keyring.js';
import { aChange } from '../helpers/inbox.js';
import { idsIn, queryInbox } from '../helpers/inbox-file.js';
import { aMessage } from '../helpers/messages.js';
import { dataFolder } from '../kit/data-folder.js';

export const mib = 1_048_576;
export const day = 86_400_000;

export let folder: Awaited<ReturnType<typeof dataFolder>>;
export let file: InboxFile;
export let inbox: InboxDatabase;
export const clock = { nowMs: 0 };

export const open = (...keys: PayloadKey[]) => {
  file = openInboxFile(folder.path, { keyring: createKeyring(keys) });
  inbox = new InboxDatabase(file, () => clock.nowMs);
};

export const reopen = (...keys: PayloadKey[]) => {
  file.close();
  open(...keys);
};

/** Gives each test of a file a database of its own, and a clock that it sets. */
export function useDatabase(...keys: PayloadKey[]): void {
  beforeEach(async () => {
    clock.nowMs = Date.parse('2025-01-20T10:15:00Z');
    folder = await dataFolder();
    open(...keys);
  });
  afterEach(async () => {
    file.close();
    await folder.remove();
  });
}

/** Each in an entry of its own. */
export const accept = (...guids: string[]) => inbox.commit(aChange(guids.map((guid) => aMessage({ id: guid }))));

const waiting = () => inbox.page({ stuck: false, after: 0 }).entries;
const all = () => file.db.prepare('SELECT seq FROM entries ORDER BY seq').pluck().all() as number[];
export const waitingIds = () => waiting().flatMap(({ lines }) => idsIn(lines));
/** The stuck entries that are due now. */
export const due = () => inbox.page({ stuck: true, after: [0, 0], dueAtMs: clock.nowMs }).entries;
export const dueIds = () => due().flatMap(({ lines }) => idsIn(lines));

/** The place of an entry, counted from 0 over those that are there. */
export const seqAt = (index: number) => all()[index] as number;
export const forward = (...seqs: number[]) =>
  inbox.commit(aChange([], { forwarded: seqs.map((seq) => ({ seq, apart: [] })) }));
export const quarantine = (...raws: Array<string | Uint8Array>) =>
  inbox.commit(aChange([], { rejected: raws.map((raw) => ({ reason: 'guid: missing', raw })) }));
export const quarantined = () =>
  queryInbox<{ reason: string; raw: Buffer; count: number }>(
    folder.path,
    'SELECT reason, raw, count FROM quarantine ORDER BY id',
  ).map(({ reason, raw, count }) => ({ reason, raw: raw.toString(), count }));
