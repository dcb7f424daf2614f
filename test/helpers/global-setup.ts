import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import type { TestProject } from 'vitest/node';
import { defaultCacheFolder, findTemporalBinary } from '../../src/temporal/binary.js';
import { startTemporalServer } from '../../src/temporal/server.js';
import { freePort } from './free-port.js';
import { consoleLog } from './logs.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** The real Temporal server that the suite shares. */
    temporalAddress: string;
    /** The workflows, packed once. */
    workflowBundlePath: string;
  }
}

/** Starts one real Temporal server for the suite, by the product's own code, and packs the workflows once. */
export async function startSuite() {
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
    onExit: (error) => console.error(error.message),
  });
  const { code } = await bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('../../src/workflows/index.ts', import.meta.url)),
    logger: new DefaultLogger('WARN'),
  });
  const workflowBundlePath = path.join(dataDir, 'workflow-bundle.js');
  await writeFile(workflowBundlePath, code);
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
