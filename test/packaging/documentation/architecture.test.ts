import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { isThere, read } from '../../helpers/project-files.js';
import { connectionSettings, settings } from '../settings.js';

const page = read('docs/architecture.md');

/** Lines with links to source, and the plain names that stand beside them. */
const rows = page.split('\n').flatMap((line) => {
  const files = [...line.matchAll(/\]\(\.\.\/((?:src|test|test-faults)\/[^)#]+)\)/g)].map(([, file]) => file as string);
  const names = [...line.matchAll(/`([A-Za-z_][A-Za-z_]*)`/g)].map(([, name]) => name as string);
  return files.length > 0
    ? [{ files, names: names.filter((name) => !(/^[A-Z_]+$/.test(name) && isSetting(name)) && !isCommand(name)) }]
    : [];
});

function isSetting(name: string): boolean {
  return [...settings, ...connectionSettings].includes(name);
}

/** Of the command line. */
function isCommand(name: string): boolean {
  return isThere(`src/cli/commands/${name}.ts`);
}

describe('docs/architecture.md', () => {
  it('names files and what they contain', () => {
    expect(rows.length).toBeGreaterThan(20);
    for (const { files, names } of rows) {
      const text = files.map(read).join('\n');
      for (const name of names)
        expect(new RegExp(`\\b${name}\\b`).test(text), `${name} in ${files.join(', ')}`).toBe(true);
    }
  });

  it('names folders and files that are there', () => {
    const named = [...page.matchAll(/`((?:src|test|docs|deploy|\.)[\w./-]*[/.][\w./-]*)`/g)].map(
      ([, file]) => file as string,
    );
    for (const file of named) expect(isThere(path.normalize(file)), file).toBe(true);
  });

  it('names settings that there are', () => {
    const named = [...page.matchAll(/`([A-Z]+_[A-Z_]+)(?:=\w+)?`/g)].map(([, name]) => name as string);
    expect([...settings, 'REJECT_DUPLICATE']).toEqual(expect.arrayContaining(named));
  });

  it('lists the files in the order in which a text passes them', () => {
    const steps = [...page.matchAll(/^\| (\d+)\. /gm)].map(([, step]) => Number(step));
    expect(steps).toEqual(Array.from({ length: 12 }, (_, index) => index + 1));
  });
});
