import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { projectFolder } from '../kit/program.js';

const alerts = readFileSync(`${projectFolder}/docs/alerts.md`, 'utf8');
const commands = [
  ...new Set(
    [...alerts.matchAll(/(?:`| {4})((?:npx answerback|temporal) [^`\n]+)/g)].map(([, command]) => command as string),
  ),
];

const programs: Record<string, [file: string, ...first: string[]]> = {
  'npx answerback': [process.execPath, 'dist/cli/main.js'],
  temporal: [process.env['TEMPORAL_CLI'] ?? 'temporal'],
};

it('the sections of the alerts say what to type', () => expect(commands.length).toBeGreaterThan(8));

it.each(commands)('%s is a command, with these options', async (command) => {
  const [, program = '', rest = ''] = /^(npx answerback|temporal) (.+)$/.exec(command) ?? [];
  const words = rest.split(' ');
  const firstOther = words.findIndex((word) => !/^[a-z-]*[a-z]$/.test(word) || word.startsWith('-'));
  const named = firstOther === -1 ? words : words.slice(0, firstOther);
  const [file, ...first] = programs[program] as [string, ...string[]];
  const { stdout } = await promisify(execFile)(file, [...first, ...named, '--help'], { cwd: projectFolder });
  expect(stdout).toMatch(new RegExp(`Usage:\\s+(answerback|temporal) ${named.join(' ')}\\b`));
  for (const [option] of rest.matchAll(/--[a-z-]+/g)) expect(stdout).toContain(`${option} `);
});
