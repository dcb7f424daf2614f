import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkPlaybook } from '../../src/cli/checks/playbook.js';
import { inProcess } from './in-process.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'answerback-playbooks-'));
  await put('clinic.yaml', 'lines: ["+1 206 555 0199"]', 'Clinic');
  await put('rest.yaml', '', 'Rest');
});
afterEach(() => rm(folder, { recursive: true }));

const put = (name: string, top: string, label: string) =>
  writeFile(
    path.join(folder, name),
    `${top}\notherwise: ${label}\nlabels:\n  ${label}: { meaning: all, templates: The ${label} }\n`,
  );
const at = (name: string) => path.join(folder, name);
const doctor = () => checkPlaybook({ playbook: folder, defaultCountry: 'US' });

describe('answerback playbook, of a folder', () => {
  it('shows each playbook, and the lines that it serves', async () => {
    const { stdout, exitCode } = await inProcess(['playbook'], { PLAYBOOK: folder });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/clinic\.yaml, for \+1 206 555 0199\n[^]*The Clinic[^]*rest\.yaml, for all other lines\n/);
    const { playbooks } = JSON.parse((await inProcess(['playbook', folder, '--json'], {})).stdout) as {
      playbooks: object[];
    };
    expect(playbooks).toMatchObject([
      { file: at('clinic.yaml'), lines: ['+1 206 555 0199'], templates: [{ label: 'Clinic' }] },
      { file: at('rest.yaml'), templates: [{ label: 'Rest' }] },
    ]);
  });

  it('tries a text with each playbook', async () => {
    const { stdout } = await inProcess(['playbook', folder, '--try', 'Hi', '--json'], {});
    expect(JSON.parse(stdout)).toEqual([
      { file: at('clinic.yaml'), lines: ['+1 206 555 0199'], label: 'Clinic', template: 'The Clinic' },
      { file: at('rest.yaml'), label: 'Rest', template: 'The Rest' },
    ]);
  });

  it('tests one playbook by its file, not all', async () => {
    const texts = at('texts');
    await writeFile(texts, 'texts:\n  Clinic: [hello]\n');
    expect(await inProcess(['playbook', folder, '--test', texts], {})).toMatchObject({
      exitCode: 2,
      stderr: `${folder} has 2 playbooks: name the file of one for --test\n`,
    });
    expect(await inProcess(['playbook', at('clinic.yaml'), '--test', texts], {})).toMatchObject({ exitCode: 0 });
  });

  it('names every mistake, with exit code 2; so does doctor', async () => {
    await put('more.yaml', 'lines: [(206) 555-0199]', 'More');
    await put('zoo.yaml', '', 'Zoo');
    const { stderr, exitCode } = await inProcess(['playbook', folder], { DEFAULT_COUNTRY: 'US' });
    expect(exitCode).toBe(2);
    const mistakes = [
      `${at('more.yaml')}:1:9: this is already a line of ${at('clinic.yaml')}: expected each line once`,
      `${at('zoo.yaml')}:2:1: lines is missing, and ${at('rest.yaml')} has none either`,
    ];
    const { status, found } = await doctor();
    expect(status).toBe('fail');
    for (const mistake of mistakes) {
      expect(stderr).toContain(mistake);
      expect(found).toContain(mistake);
    }
  });
});

it('doctor names each playbook with its lines', async () => {
  expect(await doctor()).toMatchObject({
    status: 'ok',
    found: `${at('clinic.yaml')} for +1 206 555 0199: Clinic; ${at('rest.yaml')}: Rest`,
  });
});
