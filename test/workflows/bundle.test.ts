import { readFile } from 'node:fs/promises';
import { expect, inject, it } from 'vitest';
import { codeHash, workflowModules } from './bundle.js';

it('the bundle has no module of rules, playbook, config or anything else that decides', () => {
  const modules = workflowModules(inject('workflowBundlePath'));
  expect(modules).toContain('src/workflows/answer-message.ts');
  expect(modules.filter((module) => !/^src\/(workflows|domain)\//.test(module))).toEqual([]);
});

it('histories were recorded with the present code: else run `npx tsx test/workflows/record-histories.ts`', async () => {
  const recorded = await readFile(new URL('histories/next/code.sha256', import.meta.url), 'utf8');
  expect(recorded.trim()).toBe(codeHash(workflowModules(inject('workflowBundlePath'))));
});
