import { afterEach, describe, expect, inject, it, onTestFinished } from 'vitest';
import { eventually } from '../kit/eventually.js';
import { connectForTest } from '../helpers/suite-temporal.js';
import { aPost } from '../helpers/messages.js';
import { dataFolder } from '../kit/data-folder.js';
import { freePorts } from '../kit/ports.js';
import { postJson, webhookOf } from '../kit/product.js';
import { type Program, startProgram } from '../kit/program.js';
import { testSecret, webhookSecret } from '../kit/secret.js';

describe('api, worker and gateway as processes of their own', () => {
  const programs: Program[] = [];
  const start = async (main: string, env: Record<string, string>, ready: string) => {
    const program = startProgram(process.execPath, [`dist/${main}`], env);
    programs.push(program);
    await eventually(() => program.output().includes(ready));
    return program;
  };

  afterEach(() => {
    for (const { child } of programs) child.kill('SIGKILL');
  });

  it('reply to a text through the server at TEMPORAL_ADDRESS, and each stops with exit code 0', async () => {
    await (await connectForTest()).close(); // its namespace has then what the worker checks
    const ports = await freePorts();
    const data = await dataFolder();
    onTestFinished(data.remove);
    const env = {
      ...ports,
      DATA_DIR: data.path,
      TEMPORAL_ADDRESS: inject('temporalAddress'),
      ANSWERBACK_SECRET: testSecret,
      WEBHOOK_SECRET: webhookSecret,
    };
    await Promise.all([
      start('demo/main.js', env, 'The simulated gateway is ready'),
      start('worker/main.js', { ...env, METRICS_PORT: (await freePorts()).METRICS_PORT }, 'The worker is ready'),
      start('api/main.js', env, 'The api is ready'),
    ]);
    const post = aPost();
    const answers = await Promise.all([1, 2, 3].map(() => postJson(webhookOf(env), post)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);

    const sent = () =>
      fetch(`http://127.0.0.1:${ports.GATEWAY_PORT}/sent`).then(
        (response) => response.json() as Promise<{ count: number }>,
      );
    await eventually(async () => (await sent()).count > 0);
    expect((await sent()).count).toBe(1);

    for (const { child } of programs) child.kill('SIGTERM');
    expect(await Promise.all(programs.map(({ exitCode }) => exitCode))).toEqual([0, 0, 0]);
  });

  it("a worker says what is missing when TEMPORAL_ADDRESS can't be reached", async () => {
    const ports = await freePorts();
    const worker = startProgram(process.execPath, ['dist/worker/main.js'], {
      ...ports,
      ANSWERBACK_SECRET: testSecret,
      TEMPORAL_ADDRESS: `127.0.0.1:${ports.TEMPORAL_PORT}`,
    });
    programs.push(worker);
    expect(await worker.exitCode).toBe(1);
    expect(worker.output()).toContain('start one there or set TEMPORAL_ADDRESS');
  });
});
