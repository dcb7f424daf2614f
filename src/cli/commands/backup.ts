import { chmod, copyFile, readdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Config, loadConfig } from '../../config/config.js';
import { copyDatabase } from '../../process/copy-database.js';
import { inboxFile, isServerFile, secretFile } from '../../process/data-files.js';
import { OperatorError } from '../../process/errors.js';
import { createOutput } from '../../process/output.js';
import { packageFile } from '../../process/package-file.js';
import { makeWholeFolder } from '../../process/whole-folder.js';
import type { Context } from '../context.js';
import { exportContacts } from './contact/export.js';

interface NotSaved {
  what: string;
  todo: string;
}

/**
 * `answerback backup FOLDER`: saves what is in DATA_DIR, and the opt-outs. The folder appears only once it is whole.
 *
 * @throws {OperatorError} when the folder exists or can't be written, there is no inbox, or Temporal can't be reached
 */
export async function backUp(folder: string, context: Context): Promise<void> {
  const config = loadConfig(context.env);
  const target = path.resolve(folder);
  const dataDir = path.resolve(config.dataDir);
  if (!(await exists(inboxFile(dataDir))))
    throw new OperatorError(`There is no inbox in ${dataDir}`, 'set DATA_DIR to the folder of the api');
  const time = new Date().toISOString();
  const servers = await serverFiles(dataDir, config);
  // The inbox first: a message leaves it for Temporal, so it is then in one copy at least. Temporal knows it when it is
  // in both.
  const databases = [path.basename(inboxFile(dataDir)), ...servers];
  const hasSecret = config.secrets.length === 0 && (await exists(secretFile(dataDir)));
  const files = [...databases, ...(hasSecret ? ['secret'] : []), 'contacts.csv'];
  const notSaved = whatIsNotSaved(servers.length > 0, hasSecret);
  const manifest = { time, version: packageFile.version, files, notSaved };
  await makeWholeFolder(target, async (unfinished) => {
    for (const name of databases) await copyDatabase(path.join(dataDir, name), path.join(unfinished, name));
    if (hasSecret) await copySecret(dataDir, unfinished);
    await exportOptOuts(path.join(unfinished, 'contacts.csv'), context);
    const text = `${JSON.stringify(manifest, undefined, 2)}\n`;
    await writeFile(path.join(unfinished, 'backup.json'), text, { mode: 0o600, flush: true });
  });
  const lines = [
    `Saved to ${target}: ${files.join(', ')}`,
    ...notSaved.map(({ what, todo }) => `Not saved: ${what}. ${todo}`),
  ];
  context.output.print({ folder: target, ...manifest }, lines.join('\n'));
}

const exists = (file: string): Promise<boolean> =>
  stat(file).then(
    () => true,
    () => false,
  );

/** The database of the embedded server. */
async function serverFiles(dataDir: string, { temporalAddress }: Config): Promise<string[]> {
  if (temporalAddress !== undefined) return [];
  return (await readdir(dataDir)).filter(isServerFile);
}

/** Copies the secret that `npm start` made. */
async function copySecret(dataDir: string, folder: string): Promise<void> {
  await copyFile(secretFile(dataDir), secretFile(folder));
  await chmod(secretFile(folder), 0o600);
}

/** Writes the opt-outs as `contact export` does, without its own report on stdout. */
async function exportOptOuts(file: string, context: Context): Promise<void> {
  const output = { ...createOutput(context.streams, { json: false, noColor: true }), print: () => undefined };
  try {
    await exportContacts(file, { state: 'opted-out' }, { ...context, output });
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    throw new OperatorError(`Nothing was saved, because the opt-outs could not be read. ${error.message}`);
  }
}

function whatIsNotSaved(hasServer: boolean, hasSecret: boolean): NotSaved[] {
  return [
    ...(hasServer ? [] : [{ what: "Temporal's database", todo: 'Save it with pg_dump, as the page on backups says.' }]),
    ...(hasSecret ? [] : [{ what: 'the secret', todo: 'Keep ANSWERBACK_SECRET with your other secrets.' }]),
    { what: 'PAYLOAD_KEYS and the secrets of gateways', todo: 'Keep your settings with your other secrets.' },
  ];
}
