import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createInboxDatabase, type InboxDatabase } from '../../src/inbox/database.js';
import { type InboxFile, openInboxFile } from '../../src/inbox/schema.js';
import { aChange, guidsOf } from '../helpers/inbox.js';
import { aMessage } from '../helpers/messages.js';

let folder: string;
let file: InboxFile;
let database: InboxDatabase;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'answerback-requeue-'));
  file = openInboxFile(folder);
  database = createInboxDatabase(file);
});
afterEach(async () => {
  file.close();
  await rm(folder, { recursive: true });
});

const quarantine = (...raws: string[]) => void database.commit(aChange([], { quarantined: raws.map((raw) => ({ reason: 'r', raw })) }));
const idsLeft = () => database.quarantined(0, 100).map(({ id }) => id);

describe('an entry of the quarantine', () => {
  it('leaves it with the commit that accepts it, once', () => {
    quarantine('a', 'b');
    const requeue = { id: 1, ...aChange([aMessage({ guid: 'g' })]) };
    expect(database.requeue(requeue)).toEqual({ fresh: 1, conflicts: [], left: [] });
    expect(idsLeft()).toEqual([2]);
    expect(database.status()).toMatchObject({ depth: 1, quarantined: 1 });
    expect(database.requeue(requeue)).toBeUndefined();
    expect(database.status()).toMatchObject({ depth: 1, quarantined: 1 });
    expect(guidsOf(database.pending(0, 10))).toEqual(['g']);
  });

  it('stays, and nothing is accepted, when the commit fails', () => {
    quarantine('a');
    file.db.exec(`CREATE TEMP TRIGGER stop BEFORE DELETE ON quarantine BEGIN SELECT raise(ABORT, 'stop'); END`);
    expect(() => database.requeue({ id: 1, ...aChange([aMessage({ guid: 'g' })]) })).toThrow('stop');
    file.db.exec('DROP TRIGGER stop');
    expect(idsLeft()).toEqual([1]);
    expect(database.status()).toMatchObject({ depth: 0, quarantined: 1 });
    expect(database.requeue({ id: 1, ...aChange([aMessage({ guid: 'g' })]) })).toEqual({ fresh: 1, conflicts: [], left: [] });
  });

  it('leaves behind what is still wrong in it, and a GUID of another text', () => {
    database.commit(aChange([aMessage({ guid: 'g', text: 'one' })]));
    quarantine('a batch');
    const messages = [aMessage({ guid: 'g', text: 'other' }), aMessage({ guid: 'h' })];
    expect(database.requeue({ id: 1, ...aChange(messages, { quarantined: [{ reason: 'still', raw: 'part' }] }) })).toEqual({ fresh: 1, conflicts: [0], left: [2, 3] });
    expect(idsLeft()).toEqual([2, 3]);
    expect(database.quarantined(0, 10).map(({ reason }) => reason)).toEqual(['guid-conflict', 'still']);
  });

  it('is looked at a few at a time, large ones alone', () => {
    quarantine('x'.repeat(300_000), 'y', 'z');
    expect(database.quarantined(0, 10).map(({ id }) => id)).toEqual([1]);
    expect(database.quarantined(1, 10).map(({ id }) => id)).toEqual([2, 3]);
    expect(database.quarantined(1, 1).map(({ id }) => id)).toEqual([2]);
    expect(database.quarantined(3, 10)).toEqual([]);
  });
});
