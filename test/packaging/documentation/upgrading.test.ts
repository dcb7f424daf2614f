import { expect, it } from 'vitest';
import {
  contactState,
  queries,
  replyState,
  senderAttribute,
  signals,
  updates,
  workflowTypes,
} from '../../../src/domain/names.js';
import { read } from '../../helpers/project-files.js';

const page = read('docs/upgrading.md');

/** The cell "stable in 1.x" of a row of the table of promises. */
function promised(part: string): string {
  const [, cell] = new RegExp(`^\\| ${part} \\| (.+?) \\|`, 'm').exec(page) ?? [];
  return cell ?? expect.fail(`docs/upgrading.md promises nothing for "${part}"`);
}

it('docs/upgrading.md promises the names in Temporal that the code has', () => {
  const named = [...promised('Temporal').matchAll(/`(\w+)`/g)].map(([, name]) => name);
  const kept = [signals, updates, queries].flatMap((names) => Object.values<string>(names));
  const attributes = [replyState, senderAttribute, contactState].map(({ name }) => name);
  expect(named.sort()).toEqual([...workflowTypes, ...kept, ...attributes].sort());
});

it('docs/upgrading.md and docs/changing-workflows.md name the same order', () => {
  expect(page).toContain('Workers first, then apis:');
  expect(page).toContain('Apis first, then workers:');
  expect(read('docs/changing-workflows.md')).toContain('workers first, then apis; to go back, apis first');
});
