import { expect, inject, it } from 'vitest';
import { packed } from '../helpers/answerback-command.js';
import { testSecret } from '../kit/secret.js';

async function namespaceCheck(settings: Record<string, string>) {
  const env = { TEMPORAL_ADDRESS: inject('temporalAddress'), ANSWERBACK_SECRET: testSecret, ...settings };
  const { stdout } = await packed.answerback(['doctor', '--json'], env);
  const { checks } = JSON.parse(stdout) as { checks: Array<Record<'check' | 'status' | 'found' | 'todo', string>> };
  return checks.find(({ check }) => check === 'namespace');
}

const containing = (words: string) => expect.stringContaining(words) as string;
const raise = 'run "temporal operator namespace update --namespace default --retention 31d"';

it('doctor says how long the namespace keeps closed runs, and whether that is enough', async () => {
  const keeps = 'Namespace default keeps closed runs for 30 day(s), ';
  expect(await namespaceCheck({})).toMatchObject({
    status: 'ok',
    found: containing(`${keeps}enough for REPLY_MAX_AGE and a week (8 day(s))`),
  });
  expect(await namespaceCheck({ REPLY_MAX_AGE: '24d' })).toMatchObject({
    status: 'fail',
    found: containing(`${keeps}less than REPLY_MAX_AGE and a week (31 day(s))`),
    todo: containing(`${raise}, or set ACCEPT_SHORT_RETENTION=true`),
  });
  expect(await namespaceCheck({ REPLY_MAX_AGE: '24d', ACCEPT_SHORT_RETENTION: 'true' })).toMatchObject({
    status: 'warn',
    found: containing('ACCEPT_SHORT_RETENTION accepts it'),
    todo: containing(raise),
  });
});
