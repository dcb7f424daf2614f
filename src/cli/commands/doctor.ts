import { setTimeout as sleep } from 'node:timers/promises';
import { type Config, ConfigError, loadConfig } from '../../config.js';
import { OperatorError } from '../../process.js';
import { type Check, type CheckContext, type Finding, fail, get, type HttpAnswer, ok, skipped } from '../checks/check.js';
import { checkDisk } from '../checks/disk.js';
import { checkNode } from '../checks/node.js';
import { checkPlaybook } from '../checks/playbook.js';
import { checkPorts } from '../checks/ports.js';
import { checkClock, checkGateway, checkOpenAi } from '../checks/services.js';
import { checkTemporal, checkTemporalNamespace } from '../checks/temporal.js';
import { checkWebhook } from '../checks/webhook.js';
import type { Context } from '../context.js';
import type { Colour } from '../output.js';
import { table } from '../output.js';
import { packageFile } from '../../package-file.js';

/** A check that has not ended by then has failed. */
const checkWithinMs = 15_000;

/** `answerback doctor`: looks at everything at once and changes nothing; no SMS and no text goes out. */
export async function doctor({ env, output }: Context): Promise<void> {
  const checks = checksFor(env);
  const findings = await Promise.all(checks.map(async (check) => ({ check: check.name, ...(await finding(check)) })));
  const failed = findings.filter(({ status }) => status === 'fail');
  const rows = findings.map(({ check, status, found, todo }) => [check, status, todo === undefined ? found : `${found}. To do: ${todo}`]);
  const colours: Record<Finding['status'], Colour> = { ok: 'green', warn: 'yellow', fail: 'red', skipped: 'dim' };
  const text = table(rows)
    .split('\n')
    .map((line, index) => output.paint(colours[findings[index]?.status ?? 'ok'], line))
    .join('\n');
  output.print({ ok: failed.length === 0, checks: findings }, text);
  if (failed.length > 0) throw new OperatorError(`${failed.length} of ${findings.length} checks failed: ${failed.map(({ check }) => check).join(', ')}`);
}

function checksFor(env: Record<string, string>): Check[] {
  const node: Check = { name: 'node', run: () => checkNode(process.versions.node, packageFile.engines.node) };
  const names = ['playbook', 'ports', 'temporal', 'namespace', 'gateway', 'openai', 'disk', 'clock', 'webhook'] as const;
  let config: Config;
  try {
    config = loadConfig(env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const settings: Check = { name: 'settings', run: () => fail(error.problems.join('; '), 'correct these variables, or the lines of .env') };
    return [node, settings, ...names.map((name) => ({ name, run: () => skipped('The settings come first') }))];
  }
  const context = contextOf(config, env);
  const run: Record<(typeof names)[number], Check['run']> = {
    playbook: () => checkPlaybook(config),
    ports: () => checkPorts(config),
    temporal: () => checkTemporal(context),
    namespace: () => checkTemporalNamespace(context),
    gateway: () => checkGateway(context),
    openai: () => checkOpenAi(context),
    disk: () => checkDisk(config.dataDir),
    clock: () => checkClock(context),
    webhook: () => checkWebhook(config),
  };
  return [node, { name: 'settings', run: () => ok('All of them can be used') }, ...names.map((name) => ({ name, run: run[name] }))];
}

function contextOf(config: Config, env: Record<string, string>): CheckContext {
  const { gateway, openai } = config;
  return {
    config,
    env,
    answers: {
      ...(gateway.simulated ? {} : { gateway: once(() => get(gateway.url)) }),
      ...(openai && { openai: once(() => get(`${(openai.baseURL ?? 'https://api.openai.com/v1').replace(/\/$/, '')}/models`, { authorization: `Bearer ${openai.apiKey}` })) }),
    },
  };
}

/** Two checks look at one answer. */
function once(ask: () => Promise<HttpAnswer>): () => Promise<HttpAnswer> {
  let asked: Promise<HttpAnswer> | undefined;
  return () => (asked ??= ask());
}

async function finding({ run }: Check): Promise<Finding> {
  const late = fail(`No outcome within ${checkWithinMs / 1_000} s`, 'look at what it asks');
  try {
    return await Promise.race([Promise.resolve().then(run), sleep(checkWithinMs, late, { ref: false })]);
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error), 'look at what it asks');
  }
}
