import { execFile } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { projectFolder } from './program.js';

const run = promisify(execFile);

/** Makes the tarball of what the suite has built, as `npm pack` does, and returns its path. */
async function pack(into: string, from = projectFolder): Promise<string> {
  const { stdout } = await run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', into], {
    cwd: from,
    maxBuffer: 10_000_000,
  });
  const [{ filename }] = JSON.parse(stdout) as [{ filename: string }];
  return path.join(into, filename);
}

/** Makes the tarball of the product under a scope, as a release publishes it. */
export async function packScoped(into: string, scope: string): Promise<string> {
  await run('tar', ['xzf', await pack(into), '--directory', into]);
  const unpacked = path.join(into, 'package');
  await run('npm', ['pkg', 'set', `name=@${scope}/answerback`], { cwd: unpacked });
  const tarball = await pack(into, unpacked);
  await rm(unpacked, { recursive: true });
  return tarball;
}

/** Packs the product and unpacks it into an empty folder, beside the packages that the project has installed. */
export async function packAndUnpack(folder: string): Promise<void> {
  const tarball = await pack(folder);
  const modules = path.join(folder, 'node_modules');
  const installed = path.join(modules, 'answerback');
  await mkdir(installed, { recursive: true });
  await run('tar', ['xzf', tarball, '--strip-components=1', '--directory', installed]);
  const packages = (await readdir(path.join(projectFolder, 'node_modules'))).filter(
    (name) => !name.startsWith('.') && name !== 'answerback',
  );
  for (const name of packages) await symlink(path.join(projectFolder, 'node_modules', name), path.join(modules, name));
  // As npm does for the programs that `bin` names.
  await chmod(path.join(installed, 'dist/cli/main.js'), 0o755);
}

/** Removes what npx has kept for a package in this folder. */
export async function forgetInstalled(folder: string): Promise<void> {
  const cache = path.join((await run('npm', ['config', 'get', 'cache'])).stdout.trim(), '_npx');
  for (const name of await readdir(cache).catch(() => [])) {
    const asked = await readFile(path.join(cache, name, 'package.json'), 'utf8').catch(() => '');
    if (asked.includes(path.basename(folder))) await rm(path.join(cache, name), { recursive: true, force: true });
  }
}
