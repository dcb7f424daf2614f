import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Secrets } from '../../src/process/installation-secret.js';
import {
  checkInstallation,
  checkSecretsOfReader,
  finishChange,
  inspectInstallation,
} from '../../src/temporal/installation.js';
import { programOnNamespace } from '../helpers/program-on-namespace.js';
import { connectForTest, namespaceForTest, type TemporalForTest } from '../helpers/suite-temporal.js';
import { eventually } from '../kit/eventually.js';

const [old, fresh, other] = ['1', '2', '3'].map((one) => `a-secret-of-an-installation-000${one}`) as [
  string,
  string,
  string,
];

let suite: TemporalForTest;
let temporal: { connection: TemporalForTest['connection']; namespace: string };
beforeAll(async () => void (suite = await connectForTest()));
afterAll(() => suite.close());
beforeEach(async () => void (temporal = { connection: suite.connection, namespace: await namespaceForTest(suite) }));

const check = (...secrets: Secrets) => checkInstallation(temporal, secrets);
const inspect = (...secrets: Secrets) => inspectInstallation(temporal, secrets);
const change = () => finishChange(temporal, [fresh, old]);

it('processes with both secrets pass, in any order, and the change is seen', async () => {
  await check(old);
  expect(await inspect(old, fresh)).toBe('same');
  expect(await inspect(fresh, old)).toBe('changing');
  await check(old, fresh);
  expect(await inspect(old)).toBe('same');
  await check(fresh, old);
  expect([await inspect(fresh, old), await inspect(old, fresh)]).toEqual(['changing', 'changing']);
  await change();
  expect([await inspect(fresh, old), await inspect(fresh)]).toEqual(['same', 'same']);
  await check(fresh);
});

it('a process with only the new secret is refused until the change has finished', async () => {
  await check(old);
  await expect(check(fresh)).rejects.toThrow('A new secret needs the earlier one after it');
  await check(fresh, old);
  await expect(check(fresh)).rejects.toThrow('must have the earlier secret too, after the new one');
  await change();
  await check(fresh);
});

it('a process with only the old secret is refused once another one writes with the new one, and after', async () => {
  await check(old, fresh);
  await check(old);
  await check(fresh, old);
  await expect(check(old)).rejects.toThrow('must have the new secret too');
  await change();
  await expect(check(old)).rejects.toThrow(
    'must have the new secret: "answerback contact rekey" has replaced this one',
  );
  await expect(check(other)).rejects.toThrow('belongs to another one');
});

it('a process that writes with the old secret after the change makes both needed until the next one', async () => {
  await check(old, fresh);
  await change();
  expect(await inspect(old, fresh)).toBe('old-first');
  await check(old, fresh);
  await expect(check(fresh)).rejects.toThrow('must have the earlier secret too');
  expect(await inspect(fresh, old)).toBe('changing');
  await change();
  await check(fresh);
});

it('a change that was only begun is undone by the same steps', async () => {
  await check(old);
  await check(fresh, old);
  await finishChange(temporal, [old, fresh]);
  await check(old);
  await expect(check(fresh)).rejects.toThrow('has replaced this one');
});

it('a command that only reads stores nothing, and refuses a secret that lacks the new one', async () => {
  await checkSecretsOfReader(temporal, [fresh]);
  expect(await inspect(old)).toBe('none');
  await check(old);
  await checkSecretsOfReader(temporal, [fresh, old]);
  await check(old);
  await check(fresh, old);
  await expect(checkSecretsOfReader(temporal, [old])).rejects.toThrow('must have the new secret too');
});

it('a process says which secret is missing, and exits 2', { timeout: 120_000 }, async () => {
  await check(old);
  const start = await programOnNamespace('worker', temporal.namespace);
  const started = async (...secrets: string[]) => {
    const program = start({ ANSWERBACK_SECRET: secrets.join(',') });
    return { code: await program.exitCode, output: program.output() };
  };
  expect(await started(fresh)).toEqual({ code: 2, output: expect.stringContaining('needs the earlier one') as string });
  const both = start({ ANSWERBACK_SECRET: `${fresh},${old}` });
  await eventually(() => both.output().includes('"msg":"The worker is ready"'), { withinMs: 60_000 });
  await both.stop('SIGKILL');
  await change();
  expect(await started(old)).toEqual({ code: 2, output: expect.stringContaining('has replaced this one') as string });
});
