import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { commandsIn } from '../../helpers/documented-commands.js';

/** What docs/backup.md has the operator type to fill a new data folder. */
const beginnings = ['mkdir -m 700 NEW', 'cp FOLDER/'];

/** Fills a new data folder from a backup, by the commands of docs/backup.md. */
export async function fillFromBackup(backup: string, dataDir: string): Promise<void> {
  const documented = commandsIn('docs/backup.md');
  for (const beginning of beginnings) {
    const command = documented.find((each) => each.startsWith(beginning));
    if (command === undefined) throw new Error(`docs/backup.md has no command that begins with ${beginning}`);
    await promisify(execFile)('sh', ['-c', command.replaceAll('FOLDER', backup).replaceAll('NEW', dataDir)]);
  }
}

/** The present time, as docs/backup.md has the operator write it. */
export async function restoredAt(): Promise<string> {
  return (await promisify(execFile)('date', ['-u', '+%Y-%m-%dT%H:%M:%SZ'])).stdout.trim();
}
