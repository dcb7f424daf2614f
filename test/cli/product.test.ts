import { describe, expect, it } from 'vitest';
import { eventually } from '../kit/eventually.js';
import { aPost } from '../helpers/messages.js';
import { normalized, packed } from '../helpers/answerback-command.js';
import { postJson } from '../kit/product.js';
import { answerback, env, json, parked, product, script, sentCount, useProduct } from './running-product.js';

useProduct();

interface Listed {
  runs: Array<{ workflowId: string; state: string }>;
}

describe('a text', () => {
  it('is posted like the gateway posts it, and followed to its reply', async () => {
    const { stdout, stderr, exitCode } = await answerback('send', 'Yes, I agree', '--wait', '--json');
    expect({ stderr, exitCode }).toMatchObject({ exitCode: 0 });
    await expect(normalized(stdout)).toMatchFileSnapshot('golden/send-wait.json');
    expect(await json('send', 'No', '--guid', 'named')).toEqual({ guid: 'named' });
    expect((await answerback('send', 'No')).stdout).toMatch(/^[0-9a-f-]{36}\n$/);
  });
});

describe('a parked reply', () => {
  it('is found, shown and sent again', async () => {
    await parked('parked-1');
    const { stdout } = await answerback('runs', '--state', 'failed', '--json');
    await expect(normalized(stdout)).toMatchFileSnapshot('golden/runs.json');
    await expect(normalized((await answerback('show', 'parked-1', '--json')).stdout)).toMatchFileSnapshot(
      'golden/show.json',
    );
    const shown = (await answerback('show', 'parked-1')).stdout;
    expect(shown).toContain('What to do  answerback retry parked-1');
    expect(shown).not.toContain('\u001b');

    const before = await sentCount();
    expect(await json('retry', 'parked-1')).toEqual({ guid: 'parked-1', reply: 'sent' });
    expect(await sentCount()).toBe(before + 1);
    expect(await answerback('retry', 'parked-1')).toEqual({
      stdout: '',
      stderr: 'The run parked-1 is done: there is nothing to retry\n',
      exitCode: 1,
    });
    expect((await json<{ outcome: object }>('show', 'parked-1')).outcome).toMatchObject({ reply: 'sent' });
  });

  it('that is refused again is reported, with exit code 1', async () => {
    await parked('parked-2');
    await script({ status: 400 });
    const { stdout, stderr, exitCode } = await answerback('retry', 'parked-2', '--json');
    expect(JSON.parse(stdout)).toEqual({ guid: 'parked-2', reply: 'failed' });
    expect({ stderr: stderr.split('\n')[0], exitCode }).toEqual({
      stderr: 'The reply is parked again as failed: see the cause with "answerback show parked-2"',
      exitCode: 1,
    });
    const { stdout: released } = await answerback('retry', 'parked-2', '--no-wait');
    expect(released).toBe('parked-2\n');
    await eventually(async () => (await json<{ state: string }>('show', 'parked-2')).state === 'done');
  });

  it(
    'is released with all others that failed; an uncertain one only when asked for',
    { timeout: 180_000 },
    async () => {
      for (const guid of ['all-1', 'all-2', 'all-3']) await parked(guid);
      await parked('maybe-1', 502);
      expect(await json('retry', '--all')).toEqual({ state: 'failed', released: 3, changed: 0 });
      for (const guid of ['all-1', 'all-2', 'all-3'])
        await eventually(async () => (await json<{ state: string }>('show', guid)).state === 'done');
      expect((await json<{ state: string }>('show', 'maybe-1')).state).toBe('uncertain');
      expect((await answerback('retry', '--all', '--state', 'uncertain')).exitCode).toBe(2);
      const { stdout } = await answerback('retry', '--all', '--state', 'uncertain', '--yes');
      expect(stdout).toBe('Released: 1\n');
      await eventually(async () => (await json<{ state: string }>('show', 'maybe-1')).state === 'done');
    },
  );
});

describe('an unknown GUID', () => {
  it('gets a suggestion of the right one', async () => {
    await answerback('send', 'hello', '--guid', 'well-known-4711', '--wait');
    await eventually(async () =>
      (await json<Listed>('runs')).runs.some(({ workflowId }) => workflowId === 'well-known-4711'),
    );
    for (const command of [['show'], ['retry'], ['retry', '--no-wait']]) {
      expect(await answerback(...command, 'well-known-4712')).toEqual({
        stdout: '',
        stderr: 'No run has the id well-known-4712; did you mean well-known-4711?\n',
        exitCode: 1,
      });
    }
    expect((await answerback('show', 'well-known')).stderr).toContain('did you mean well-known-4711?');
    expect((await answerback('show', 'nothing of the kind')).stderr).toBe(
      'No run has the id nothing of the kind: list the newest runs with "answerback runs"\n',
    );
  });
});

describe('the quarantine', () => {
  interface Quarantine {
    quarantine: Array<{ id: number; guid?: string; number?: string; reason: string }>;
    evicted: number;
  }
  const entries = async () => (await json<Quarantine>('quarantine', 'list')).quarantine;
  const entryOf = async (guid: string) => String((await entries()).find((entry) => entry.guid === guid)?.id);

  it('is listed without texts, shown unchanged, and read again', async () => {
    await postJson(product.webhook, {
      messages: [aPost({ guid: 'whole' }), { guid: 'broken', number: '+15550004321', text: 'the secret words' }],
    });
    for (let times = 0; times < 2; times++)
      await fetch(product.webhook, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: 'no JSON \u001b[2J',
      });
    const listed = (await answerback('quarantine', 'list', '--json')).stdout;
    expect(listed).not.toMatch(/secret|5550004321/);
    await expect(normalized(listed)).toMatchFileSnapshot('golden/quarantine-list.json');
    const broken = await entryOf('broken');
    expect((await answerback('quarantine', 'show', broken)).stdout).toBe(
      '{"guid":"broken","number":"+15550004321","text":"the secret words"}',
    );
    await expect(normalized((await answerback('quarantine', 'show', broken, '--json')).stdout)).toMatchFileSnapshot(
      'golden/quarantine-show.json',
    );
    expect((await answerback('quarantine', 'show', '99')).stderr).toBe(
      'The quarantine has no entry 99: list the entries with "answerback quarantine list"\n',
    );

    const still = await answerback('quarantine', 'requeue', broken, '--json');
    expect({ ...still, stdout: JSON.parse(still.stdout) as unknown }).toMatchObject({
      exitCode: 1,
      stdout: {
        accepted: [],
        rejected: [{ id: Number(broken), reasons: ['message: Invalid input: expected string, received undefined'] }],
      },
      stderr: expect.stringContaining(
        '1 entry(ies) are still invalid: correct each with "answerback quarantine requeue ID --set field=value"',
      ) as unknown,
    });
    expect(await json('quarantine', 'requeue', broken, '--set', 'message=Yes, I agree')).toEqual({
      accepted: ['broken'],
      rejected: [],
    });
    await eventually(async () => (await answerback('show', 'broken')).exitCode === 0);
    expect((await answerback('quarantine', 'requeue', broken)).exitCode).toBe(1);

    const all = await answerback('quarantine', 'requeue', '--all', '--json');
    expect(all.exitCode).toBe(1);
    expect(JSON.parse(all.stdout)).toMatchObject({ accepted: [], rejected: [{}] });
    expect((await entries()).map(({ reason }) => reason)).toEqual(['The body must be JSON in UTF-8.']);

    const unread = String((await entries())[0]?.id);
    expect(
      (
        await answerback(
          'quarantine',
          'requeue',
          unread,
          '--set',
          'message=No',
          '--set',
          'number=+15550000001',
          '--set',
          'guid=made-up',
        )
      ).stdout,
    ).toBe('Accepted: 1\n');
    expect(await answerback('quarantine', 'list')).toMatchObject({ stderr: 'The quarantine is empty.\n', exitCode: 0 });
  });
});

it('long work shows its progress on a terminal', async () => {
  await postJson(product.webhook, { guid: 'unread', number: '+15550000002' });
  const { stdout, exitCode } = await packed.answerback(
    ['quarantine', 'requeue', '--all'],
    { ...env, TERM: 'xterm' },
    { terminal: true },
  );
  expect({ exitCode, stdout }).toEqual({
    exitCode: 1,
    stdout: expect.stringMatching(/Requeueing {2}=+ {2}1\/1/) as unknown,
  });
  expect((await answerback('quarantine', 'requeue', '--all')).stderr).not.toContain('Requeueing');
});

describe('erasing', () => {
  it('reads the number from standard input, and says what was erased', async () => {
    const { stdout, exitCode } = await packed.answerback(['erase', '--json'], env, { input: '+15559999999\n' });
    expect(exitCode).toBe(0);
    await expect(stdout).toMatchFileSnapshot('golden/erase.json');
  });
});

describe('a text that the webhook refuses', () => {
  it('is an error', async () => {
    const { stdout, stderr, exitCode } = await answerback('send', 'hello', '--from', 'x'.repeat(65));
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 1 });
    expect(stderr).toMatch(/^The webhook answered 422/);
  });
});

describe('the doctor, beside a product that runs', () => {
  it('finds everything in order', async () => {
    const { stdout, stderr, exitCode } = await answerback('doctor', '--json');
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
    await expect(normalized(stdout)).toMatchFileSnapshot('golden/doctor.json');
  });
});
