import { describe, expect, it } from 'vitest';
import { configurationPage } from '../../../docs/configuration-page.js';
import { read } from '../../helpers/project-files.js';
import { connectionSettings, settings } from '../settings.js';

const page = read('docs/configuration.md');
const variablesOf = (text: string) =>
  [...text.matchAll(/^\| (`[A-Z].+?) \|/gm)].flatMap(([, cell]) => (cell as string).match(/[A-Z][A-Z_]+/g) ?? []);

describe('docs/configuration.md', () => {
  it('is what the schemas say; `npm run docs:configuration` writes it', () => {
    expect(page).toBe(configurationPage());
  });

  it('explains every setting and no other', () => {
    expect(variablesOf(page).sort()).toEqual([...settings, ...connectionSettings].sort());
  });
});

it('the README names settings that there are, and no more than a dozen', () => {
  const named = variablesOf(read('README.md'));
  expect(named.length).toBeGreaterThan(3);
  expect(named.length).toBeLessThan(13);
  expect([...settings, ...connectionSettings]).toEqual(expect.arrayContaining(named));
});
