import { rename, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, type BundleOptions, DefaultLogger } from '@temporalio/worker';

/** Bundles the workflows at build time, which saves 1.5 s at every start of a worker. */
const here = (file: string) => fileURLToPath(new URL(file, import.meta.url));
const options: BundleOptions = { workflowsPath: here('../workflows/index.js'), logger: new DefaultLogger('WARN') };

/** Replaces the file in one step, because a worker may be reading the previous build's file. */
async function write(code: string, file: string): Promise<void> {
  const temporary = `${file}.${process.pid}`;
  await writeFile(temporary, code);
  await rename(temporary, file);
}

const plain = await bundleWorkflowCode(options);
await write(plain.code, here('../workflow-bundle.js'));
// A workflow can't read the configuration, so its failure converter is part of the bundle.
const sealed = await bundleWorkflowCode({ ...options, failureConverterPath: here('../temporal/failure-converter.js') });
await write(sealed.code, here('../workflow-bundle-sealed.js'));
