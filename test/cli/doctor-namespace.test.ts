import { expect, inject, it, onTestFinished } from 'vitest';
import { checkInstallation, finishChange } from '../../src/temporal/installation.js';
import { packed } from '../helpers/answerback-command.js';
import { connectForTest, namespaceForTest } from '../helpers/suite-temporal.js';
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

it('doctor says when the secret is being changed, and what comes next', { timeout: 120_000 }, async () => {
  const fresh = 'the-new-secret-of-this-test-suite';
  const suite = await connectForTest();
  onTestFinished(() => suite.close());
  const temporal = { connection: suite.connection, namespace: await namespaceForTest(suite) };
  const checkOf = (...secrets: string[]) =>
    namespaceCheck({ TEMPORAL_NAMESPACE: temporal.namespace, ANSWERBACK_SECRET: secrets.join(',') });

  await checkInstallation(temporal, [testSecret]);
  expect(await checkOf(testSecret, fresh)).toMatchObject({ status: 'ok' });
  expect(await checkOf(fresh)).toMatchObject({ status: 'fail', found: containing('needs the earlier one after it') });
  expect(await checkOf(fresh, testSecret)).toMatchObject({
    status: 'warn',
    found: containing('ANSWERBACK_SECRET is being changed'),
    todo: containing('run "answerback contact rekey"'),
  });
  await finishChange(temporal, [fresh, testSecret]);
  expect(await checkOf(fresh, testSecret)).toMatchObject({ status: 'ok' });
  expect(await checkOf(testSecret, fresh)).toMatchObject({ status: 'warn', todo: containing('put the new one first') });
});
