import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { defaultCacheFolder } from '../../src/temporal/dev-server/program.js';

const run = promisify(execFile);

/** A program of a Go module. */
export interface GoProgram {
  /** What it is called after the build. */
  name: string;
  module: string;
  /** Without its `v`. */
  version: string;
  /** The folder of the program in the module. */
  folder: string;
}

/** Where a program is once {@link buildGoProgram} has built it. */
export const goProgramPath = ({ name, version }: GoProgram): string =>
  path.join(defaultCacheFolder(process.env as Record<string, string>), 'go-programs', version, name);

/**
 * Builds a program with Go, unless that was done before, and returns its path. It is built from a module of its own,
 * since `go install` refuses modules that replace others.
 */
export async function buildGoProgram(program: GoProgram): Promise<string> {
  const target = goProgramPath(program);
  if (existsSync(target)) return target;
  const { name, module, version, folder } = program;
  console.log(`Building ${name} ${version}, once, which takes some minutes …`);
  await mkdir(path.dirname(target), { recursive: true });
  const build = await mkdtemp(`${target}-`);
  const go = (...args: string[]) => run('go', args, { cwd: build, maxBuffer: 64 * 1024 * 1024 });
  try {
    await go('mod', 'init', 'build');
    await go('get', `${module}/${folder}@v${version}`);
    await go('build', '-ldflags', '-s -w', '-o', 'program', `${module}/${folder}`);
    await rename(path.join(build, 'program'), target);
  } finally {
    await rm(build, { recursive: true, force: true });
  }
  return target;
}

/** The folder where Go keeps the source of the module of a program. */
export async function goModuleFolder({ module, version }: GoProgram): Promise<string> {
  const { stdout } = await run('go', ['mod', 'download', '-json', `${module}@v${version}`]);
  return (JSON.parse(stdout) as { Dir: string }).Dir;
}
