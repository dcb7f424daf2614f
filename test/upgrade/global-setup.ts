import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';
import { projectFolder } from '../kit/program.js';
import { makeRelease, type Release } from './release.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** The releases between which the tests change, in their order. */
    releases: Release[];
  }
}

/** Builds the present release in its place, and the later ones in copies of the project. */
export default async function setup({ provide }: TestProject) {
  const [, ...later] = await Promise.all([
    promisify(execFile)('npm', ['run', '--silent', 'build'], { cwd: projectFolder }),
    makeRelease('next'),
    makeRelease('after-next'),
  ]);
  const built = later.map(({ name, folder }) => ({ name, folder }));
  provide('releases', [{ name: 'present', folder: projectFolder }, ...built]);
  return () => Promise.all(later.map(({ remove }) => remove()));
}
