import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packed } from '../helpers/answerback-command.js';
import { completion, type FakeOpenAi, fault, startFakeOpenAi } from '../helpers/fake-openai.js';

const write = async (name: string, text: string) => {
  const file = path.join(packed.folder, name);
  await writeFile(file, text);
  return file;
};

/** The rules label five of these six texts right. */
const texts =
  'texts:\n  Agree: ["Yes", "Sure!", "beyond doubt"]\n  Disagree: ["No"]\nheld_out:\n  Neutral: [maybe so, who knows]\n';

let file: string;
beforeAll(async () => void (file = await write('labelled.yaml', texts)));

describe('answerback playbook --test, by the rules', () => {
  it('prints a table of what the texts should get and what they were given, and the texts with a wrong label', async () => {
    const { stdout, stderr, exitCode } = await packed.answerback(['playbook', '--test', file]);
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
    await expect(stdout).toMatchFileSnapshot('golden/playbook-test.txt');
  });

  it('has the same as --json', async () => {
    const { stdout } = await packed.answerback(['playbook', '--json', '--test', file]);
    const { playbook, texts: named, ...rest } = JSON.parse(stdout) as { playbook: string; texts: string };
    expect([playbook, named]).toEqual([expect.stringMatching(/default\.yaml$/), file]);
    await expect(JSON.stringify(rest, undefined, 2)).toMatchFileSnapshot('golden/playbook-test.json');
  });

  it.each([
    ['0.83', 0, ''],
    ['0.84', 1, '83.3 % of the texts got the right label, less than --min 0.84\n'],
  ])('with --min %s ends with %i, and prints the table', async (min, exitCode, stderr) => {
    const ran = await packed.answerback(['playbook', '--test', file, '--min', min]);
    expect(ran).toEqual({ exitCode, stderr, stdout: expect.stringContaining('5 of 6 right, 83.3 %') as string });
  });

  it('tests the playbook that it is given', async () => {
    const { stdout, exitCode } = await packed.answerback(
      [
        'playbook',
        'node_modules/answerback/examples/survey/playbook.yaml',
        '--test',
        'node_modules/answerback/examples/survey/texts.yaml',
      ],
      {},
    );
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: expect.stringMatching(/of 232 right/) as string });
  });

  it('names every mistake of the file with its place, with exit code 2', async () => {
    const wrong = await write('wrong.yaml', 'texts:\n  Agree: [yes]\n  Late: [later]\n  Neutral: []\n');
    const refused = await packed.answerback(['playbook', '--test', wrong]);
    expect(refused).toMatchObject({ stdout: '', exitCode: 2 });
    expect(refused.stderr).toContain(`${wrong}:4:3: expected at least one text`);
    const missing = await packed.answerback(['playbook', '--test', 'nothing-here.yaml']);
    expect(missing.exitCode).toBe(2);
    expect(missing.stderr).toContain("nothing-here.yaml:1:1: the file can't be read (ENOENT)");
  });
});

describe('answerback playbook --test --model', () => {
  let openai: FakeOpenAi;
  let env: Record<string, string>;
  beforeAll(async () => {
    openai = await startFakeOpenAi();
    env = { OPENAI_API_KEY: 'key-of-this-test', OPENAI_BASE_URL: openai.baseURL };
  });
  afterAll(() => openai.close());
  const askedText = () => JSON.parse(openai.requests.at(-1)?.body.messages[1]?.content ?? '""') as string;

  it('asks the model of the settings, and counts what failed as wrong', async () => {
    openai.answerWith((response) => {
      const text = askedText();
      if (text === 'No') return fault(429)(response);
      if (text === 'who knows') return completion({ content: 'Neutral' })(response);
      completion({ content: `{"label":"${text === 'maybe so' ? 'Neutral' : 'Agree'}"}` })(response);
    });
    const { stdout, stderr, exitCode } = await packed.answerback(
      ['playbook', '--json', '--test', file, '--model', '--min', '0.7'],
      env,
    );
    expect([exitCode, stderr]).toEqual([1, '66.6 % of the texts got the right label, less than --min 0.7\n']);
    expect(JSON.parse(stdout)).toMatchObject({
      by: 'openai',
      model: 'gpt-6-luna',
      reasoningEffort: 'none',
      total: 6,
      right: 4,
      heldOut: { total: 2, right: 1, accuracy: 0.5 },
      errors: { 'rate-limited': 1, unreadable: 1 },
      wrong: [
        { text: 'No', label: 'Disagree', error: 'rate-limited' },
        { text: 'who knows', label: 'Neutral', error: 'unreadable' },
      ],
    });
    expect(openai.requests.at(-1)?.body).toMatchObject({ model: 'gpt-6-luna', reasoning_effort: 'none' });
    expect(openai.requests).toHaveLength(6);
  });

  it('shows its progress on a terminal, and the errors in the table', async () => {
    openai.answerWith(fault(404, { code: 'model_not_found' }));
    const { stdout } = await packed.answerback(['playbook', '--test', file, '--model'], env, { terminal: true });
    for (const words of [
      'Texts labelled by gpt-6-luna',
      'ERRORS',
      '(no-model)',
      'by no-model: 6',
      '0 of 6 right, 0.0 %',
    ])
      expect(stdout).toContain(words);
  });

  const many = async (count: number) =>
    write(
      'many.yaml',
      `texts:\n  Agree: [${Array.from({ length: count }, (_, index) => `yes ${index}`).join(', ')}]\n`,
    );

  it('asks for four texts at a time', async () => {
    let running = 0;
    let most = 0;
    openai.answerWith((response) => {
      most = Math.max(most, (running += 1));
      response.once('close', () => (running -= 1));
      // A slow model, so that one request too many would be seen.
      setTimeout(() => completion({ content: '{"label":"Agree"}' })(response), 100);
    });
    const { exitCode } = await packed.answerback(['playbook', '--test', await many(12), '--model', '--min', '1'], env);
    expect({ exitCode, most }).toEqual({ exitCode: 0, most: 4 });
  });

  it('asks no more often than OPENAI_RPS', async () => {
    const askedAtMs: number[] = [];
    openai.answerWith((response) => {
      askedAtMs.push(performance.now());
      completion({ content: '{"label":"Agree"}' })(response);
    });
    await packed.answerback(['playbook', '--test', await many(6), '--model'], { ...env, OPENAI_RPS: '2' });
    expect(askedAtMs).toHaveLength(6);
    // Six texts begin within 2.5 s. On a busy machine the first request arrives late.
    expect((askedAtMs.at(-1) ?? 0) - (askedAtMs[0] ?? 0)).toBeGreaterThan(1_000);
  });

  it('needs a key, and says so with exit code 2', async () => {
    const ran = await packed.answerback(['playbook', '--test', file, '--model']);
    expect(ran).toMatchObject({ stdout: '', exitCode: 2 });
    expect(ran.stderr).toContain('OPENAI_API_KEY must be set for --model');
  });
});
