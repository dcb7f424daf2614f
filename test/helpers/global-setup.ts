import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';
import { defaultCacheFolder, findTemporalBinary } from '../../src/temporal/binary.js';
import { startTemporalServer } from '../../src/temporal/server.js';
import { freePort } from './free-port.js';
import { consoleLog } from './logs.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** The real Temporal server that the suite shares. */
    temporalAddress: string;
    /** The workflows as the build packs them. */
    workflowBundlePath: string;
  }
}

/** Builds the product and starts one real Temporal server for the suite, by the product's own code. */
export async function startSuite() {
  await promisify(execFile)('npm', ['run', '--silent', 'build'], { cwd: fileURLToPath(new URL('../..', import.meta.url)) });
  const dataDir = await mkdtemp(path.join(tmpdir(), 'answerback-suite-'));
  const common = { log: consoleLog, stopping: new AbortController().signal };
  const env = process.env as Record<string, string>;
  const binary = await findTemporalBinary({ ...common, searchPath: env['PATH'] ?? '', cacheFolder: defaultCacheFolder(env) });
  const server = await startTemporalServer({
    ...common,
    binary,
    dataDir,
    port: await freePort(),
    uiPort: await freePort(),
    onExit: (error) => console.error(error),
  });
  const workflowBundlePath = fileURLToPath(new URL('../../dist/workflow-bundle.js', import.meta.url));
  return {
    temporalAddress: server.address,
    workflowBundlePath,
    async stop() {
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

export default async function setup({ provide }: TestProject) {
  const suite = await startSuite();
  provide('temporalAddress', suite.temporalAddress);
  provide('workflowBundlePath', suite.workflowBundlePath);
  return () => suite.stop();
}
