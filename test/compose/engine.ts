import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { eventually } from '../kit/eventually.js';
import { startProgram } from '../kit/program.js';

const isRunning = () => spawnSync('docker', ['info']).status === 0;

/**
 * Finds the Docker engine, or starts the one that is installed.
 *
 * @returns a function that stops the engine again, where it was started here
 */
export async function ensureEngine(): Promise<() => Promise<void>> {
  if (isRunning()) return () => Promise.resolve();
  const folder = await mkdtemp(path.join(tmpdir(), 'answerback-engine-'));
  const engine = startProgram('dockerd', [], {}, { logFile: path.join(folder, 'log') });
  const stop = async () => {
    await engine.stop();
    await rm(folder, { recursive: true });
  };
  try {
    await eventually(() => engine.hasEnded() || isRunning(), { withinMs: 120_000 });
    if (engine.hasEnded()) throw new Error(`dockerd ended with ${await engine.exitCode}:\n${engine.output()}`);
    return stop;
  } catch (error) {
    await stop();
    throw error;
  }
}
