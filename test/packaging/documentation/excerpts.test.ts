import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { read } from '../../helpers/project-files.js';
import { projectFolder } from '../../kit/program.js';

const page = 'docs/adding-a-gateway.md';
const text = read(page);

/** The blocks of TypeScript, each with the last file that is linked above it. */
const blocks = [...text.matchAll(/^```ts\n(.*?)\n```$/gms)].map(({ index, 1: code = '' }) => {
  const links = [...text.slice(0, index).matchAll(/\]\(([^)#]+\.ts)\)/g)];
  return { code, file: path.join(path.dirname(page), links.at(-1)?.[1] ?? 'none') };
});

it(`${page} has blocks of code, and every one is TypeScript`, () => {
  expect(blocks.length).toBeGreaterThanOrEqual(10);
  expect(text.match(/^```\w+$/gm)).toHaveLength(blocks.length);
});

it.each(blocks)('the excerpt of $file is in it, line by line and in this order', ({ code, file }) => {
  const source = read(file);
  let from = 0;
  for (const part of code.split('\n// …\n')) {
    const at = source.indexOf(`\n${part}\n`, from);
    expect(at, part).toBeGreaterThan(-1);
    from = at + part.length;
  }
});

it('the walk comes by every file of the folder', () => {
  for (const file of readdirSync(path.join(projectFolder, 'src/gateways/telnyx'))) {
    expect(text).toContain(`(../src/gateways/telnyx/${file})`);
  }
});
