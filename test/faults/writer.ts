import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventually } from '../kit/eventually.js';
import { startProgram } from '../kit/program.js';

export interface InboxWriter {
  pid: number;
  /** The GUIDs that were acknowledged so far. */
  acknowledged: () => Promise<string[]>;
  kill: () => Promise<void>;
}

/**
 * A process that fills the inbox of a folder through the product's own store; it has acknowledged something when this
 * returns.
 */
export async function startInboxWriter(dataDir: string, synchronous: 'FULL' | 'NORMAL'): Promise<InboxWriter> {
  const folder = await mkdtemp(path.join(tmpdir(), 'answerback-acknowledged-'));
  const file = path.join(folder, 'guids');
  await writeFile(file, '');
  const script = fileURLToPath(new URL('inbox-writer.ts', import.meta.url));
  const { child, exitCode, output } = startProgram(
    process.execPath,
    ['--import', 'tsx', script, dataDir, synchronous, file],
    {},
  );
  const acknowledged = async () => (await readFile(file, 'utf8')).split('\n').filter(Boolean);
  const writer: InboxWriter = {
    pid: child.pid as number,
    acknowledged,
    async kill() {
      child.kill('SIGKILL');
      await exitCode;
      await rm(folder, { recursive: true, force: true });
    },
  };
  try {
    await eventually(async () => (await acknowledged()).length > 0);
    return writer;
  } catch (error) {
    await writer.kill();
    throw new Error(`the writer does not write; it printed:\n${output()}`, { cause: error });
  }
}
