import { execFile } from 'node:child_process';
import { symlink } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { copyProject } from '../helpers/project-files.js';
import { temporaryFolder } from '../kit/data-folder.js';
import { projectFolder } from '../kit/program.js';

const run = promisify(execFile);

/**
 * The releases of the test, in their order: the present code, and two that follow it. Each has the patch of its name
 * and those before. They change the product as docs/changing-workflows.md and docs/upgrading.md plan it: `next` adds a
 * column to the inbox, and its workflow branches on a new field of the message; `after-next` writes that field.
 */
const releaseNames = ['present', 'next', 'after-next'] as const;
export type ReleaseName = (typeof releaseNames)[number];

/** A built release, in a folder of its own. */
export interface Release {
  name: ReleaseName;
  folder: string;
}

/**
 * Copies the project, applies the patches of a release, and builds it, except for `build: false`.
 *
 * @throws when a patch doesn't fit the code any more: apply it with `git apply --3way`, and write it again by `git diff`
 */
export async function makeRelease(
  name: ReleaseName,
  { build = true } = {},
): Promise<Release & { remove: () => Promise<void> }> {
  const { path: folder, remove } = await temporaryFolder(`release-${name}`);
  try {
    copyProject(folder);
    for (const patch of releaseNames.slice(1, releaseNames.indexOf(name) + 1)) await apply(patch, folder);
    if (build) {
      await symlink(path.join(projectFolder, 'node_modules'), path.join(folder, 'node_modules'));
      await run('npm', ['run', '--silent', 'build'], { cwd: folder });
    }
    return { name, folder, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function apply(patch: ReleaseName, folder: string): Promise<void> {
  const file = fileURLToPath(new URL(`releases/${patch}.patch`, import.meta.url));
  // Without a repository around it, `git apply` changes the files of the folder.
  await run('git', ['apply', '--whitespace=nowarn', file], { cwd: folder, env: withoutRepository(folder) });
}

const withoutRepository = (folder: string) => ({ ...process.env, GIT_CEILING_DIRECTORIES: path.dirname(folder) });
