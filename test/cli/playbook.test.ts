import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { packed } from '../helpers/answerback-command.js';

const write = async (text: string) => {
  const file = path.join(packed.folder, 'mine.yaml');
  await writeFile(file, text);
  return file;
};

const mine =
  'otherwise: Late\nsegments: 1\nservice: Café Rosa\nrequests:\n  stop: Bye from {service}...\nlabels:\n  Late: { meaning: late, words: [late], templates: { en: It’s fine, de: Gut } }\n  Thanks: { meaning: thanks, words: [thanks], silence: true }\n';

describe('answerback playbook', () => {
  it('shows the built-in one, with the cost of each template', async () => {
    const { stdout, stderr, exitCode } = await packed.answerback(['playbook']);
    expect(exitCode).toBe(0);
    await expect(stdout).toMatchFileSnapshot('golden/playbook.txt');
    expect(stderr).toContain('default.yaml: a template may need up to 2 SMS');
  });

  it('shows the one that PLAYBOOK names, and --json', async () => {
    const { stdout } = await packed.answerback(['playbook', '--json'], { PLAYBOOK: await write(mine) });
    const { file, ...rest } = JSON.parse(stdout) as { file: string };
    expect(file).toMatch(/mine\.yaml$/);
    await expect(JSON.stringify(rest, undefined, 2)).toMatchFileSnapshot('golden/playbook.json');
  });

  it.each([
    ['Running LATE, sorry', 'Late', 'It’s fine'],
    ['Ich bin leider zu spät dran, bis gleich', 'Late', 'Gut'],
    ['thanks!', 'Thanks', null],
  ])('tries a text: %s', async (text, label, template) => {
    const { stdout } = await packed.answerback(['playbook', await write(mine), '--json', '--try', text]);
    expect(JSON.parse(stdout)).toEqual({ label, template });
  });

  it('names every fault of a wrong one, with exit code 2; so does a start, and doctor', async () => {
    const file = await write('otherwise: Other\nlabels:\n  Late: { meaning: late, templates: Fine, color: red }\n');
    const fault = `${file}:3:43: "color" is not known here`;
    expect(await packed.answerback(['playbook', file])).toMatchObject({
      stdout: '',
      exitCode: 2,
      stderr: expect.stringContaining(fault) as string,
    });
    expect(await packed.answerback(['start'], { PLAYBOOK: file })).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining(fault) as string,
    });
    const { stdout } = await packed.answerback(['doctor', '--json'], { PLAYBOOK: file });
    expect((JSON.parse(stdout) as { checks: object[] }).checks).toContainEqual(
      expect.objectContaining({ check: 'playbook', status: 'fail', found: expect.stringContaining(fault) as string }),
    );
  });
});
