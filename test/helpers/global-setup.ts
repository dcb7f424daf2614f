import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';
import { temporaryFolder } from '../kit/data-folder.js';
import { packAndUnpack } from '../kit/packed.js';
import { projectFolder } from '../kit/program.js';
import { connectTo, startTemporal } from '../kit/temporal.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** The real Temporal server that the suite shares. */
    temporalAddress: string;
    /** The workflows as the build packs them. */
    workflowBundlePath: string;
    /** Where the product's tarball is unpacked. */
    packedFolder: string;
  }
}

/** Builds and packs the product, and starts one real Temporal server for the suite, by the product's own code. */
export async function startSuite() {
  const [data, packed] = await Promise.all([temporaryFolder('suite'), temporaryFolder('packed')]);
  const [server] = await Promise.all([startTemporal(data.path), build().then(() => packAndUnpack(packed.path))]);
  // Sets up the namespace before test files connect at once: see ensureNamespace.
  await (await connectTo(server.address)).close();
  return {
    temporalAddress: server.address,
    workflowBundlePath: path.join(projectFolder, 'dist/workflow-bundle.js'),
    packedFolder: packed.path,
    async stop() {
      await server.stop();
      await Promise.all([data.remove(), packed.remove()]);
    },
  };
}

const build = () => promisify(execFile)('npm', ['run', '--silent', 'build'], { cwd: projectFolder });

export default async function setup({ provide }: TestProject) {
  const suite = await startSuite();
  provide('temporalAddress', suite.temporalAddress);
  provide('workflowBundlePath', suite.workflowBundlePath);
  provide('packedFolder', suite.packedFolder);
  return () => suite.stop();
}
