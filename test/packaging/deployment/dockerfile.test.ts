import { describe, expect, it } from 'vitest';
import { isThere, read } from '../../helpers/project-files.js';

describe('Dockerfile', () => {
  const dockerfile = read('Dockerfile');

  it('copies files that are there and that .dockerignore lets through', () => {
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, files]) =>
      (files as string).split(' '),
    );
    const [first, ...exceptions] = read('.dockerignore').trim().split('\n');
    expect(first).toBe('*');
    expect(copied.map((file) => `!${file}`).sort()).toEqual(exceptions.sort());
    for (const file of copied) expect(isThere(file), file).toBe(true);
  });

  it('starts a file that the build makes, as a user without rights', () => {
    expect(dockerfile).toMatch(/^USER node$/m);
    const [, file] = /^CMD \["node", "dist\/(.+)\.js"/m.exec(dockerfile) ?? [];
    expect(isThere(`src/${file}.ts`)).toBe(true);
  });

  it('has the version of the package as its label', () => {
    const { version } = JSON.parse(read('package.json')) as { version: string };
    expect(dockerfile).toContain(` org.opencontainers.image.version=${version} `);
  });

  it('uses a glibc image of the Node version in .nvmrc', () => {
    const images = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, image]) => image);
    expect(new Set(images)).toEqual(new Set([`node:${read('.nvmrc').trim()}-slim`]));
  });
});
