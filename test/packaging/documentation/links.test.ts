import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { documents, isThere, read } from '../../helpers/project-files.js';

/** The anchor that a heading gets where the page is shown. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-');

const anchorsOf = (page: string) =>
  [...read(page).matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchorOf(heading as string));

describe.each(documents)('%s', (document) => {
  const text = read(document);

  it('links to files that are there, and to headings that they have', () => {
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)/g)];
    for (const [link, file = '', anchor] of links) {
      const target = file === '' ? document : path.join(path.dirname(document), file);
      expect(isThere(target), link).toBe(true);
      if (anchor !== undefined) expect(anchorsOf(target), link).toContain(anchor);
    }
  });

  it('names files and folders that are there', () => {
    const named = [...text.matchAll(/`((?:src|test|docs|deploy|bench|examples)\/[\w./-]*)`/g)].map(([, file]) => file);
    for (const file of named as string[]) expect(isThere(file), file).toBe(true);
  });

  it('names scripts that the package has', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = [...text.matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name as string);
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(named));
  });
});
