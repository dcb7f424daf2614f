import { setTimeout as sleep } from 'node:timers/promises';
import { type Config, loadConfig, metricsPorts } from '../../config/config.js';
import { localUrl } from '../../config/webhook-url.js';
import { ConfigError, OperatorError } from '../../process/errors.js';
import {
  type Check,
  type CheckContext,
  type CheckedGateway,
  type Finding,
  fail,
  get,
  type HttpResponse,
  ok,
  skipped,
} from '../checks/check.js';
import { checkDisk } from '../checks/disk.js';
import { checkEvents } from '../checks/events.js';
import { checkNode } from '../checks/node.js';
import { checkPlaybook } from '../checks/playbook.js';
import { checkPorts } from '../checks/ports.js';
import { checkClock, checkGateways, checkOpenAi } from '../checks/services.js';
import { checkTemporal, checkTemporalNamespace } from '../checks/temporal.js';
import { checkWebhooks } from '../checks/webhook.js';
import { type ConfiguredGateway, configuredGateways } from '../../config/gateways.js';
import type { Context } from '../context.js';
import { type Colour, table } from '../../process/output.js';
import { packageFile } from '../../process/package-file.js';

/** A check that takes longer fails. */
const checkTimeoutMs = 15_000;

/**
 * `answerback doctor`: runs all checks at the same time. Changes nothing, and sends no SMS, no event and no text.
 */
export async function doctor({ env, output }: Context): Promise<void> {
  const checks = checksFor(env);
  const findings = await Promise.all(checks.map(async (check) => ({ check: check.name, ...(await finding(check)) })));
  const failed = findings.filter(({ status }) => status === 'fail');
  const rows = findings.map(({ check, status, found, todo }) => [
    check,
    status,
    todo === undefined ? found : `${found}. To do: ${todo}`,
  ]);
  const colours: Record<Finding['status'], Colour> = { ok: 'green', warn: 'yellow', fail: 'red', skipped: 'dim' };
  const text = table(rows)
    .split('\n')
    .map((line, index) => output.paint(colours[findings[index]?.status ?? 'ok'], line))
    .join('\n');
  output.print({ ok: failed.length === 0, checks: findings }, text);
  if (failed.length > 0)
    throw new OperatorError(
      `${failed.length} of ${findings.length} checks failed: ${failed.map(({ check }) => check).join(', ')}`,
    );
}

function checksFor(env: Record<string, string>): Check[] {
  const node: Check = { name: 'node', run: () => checkNode(process.versions.node, packageFile.engines.node) };
  const names = [
    'playbook',
    'ports',
    'temporal',
    'namespace',
    'gateway',
    'openai',
    'events',
    'disk',
    'clock',
    'webhook',
  ] as const;
  let config: Config;
  try {
    config = loadConfig(env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const settings: Check = {
      name: 'settings',
      run: () => fail(error.problems.join('; '), 'correct these variables, or the lines of .env'),
    };
    return [
      node,
      settings,
      ...names.map((name) => ({ name, run: () => skipped('Not checked: correct the settings first') })),
    ];
  }
  const context = contextOf(config, env);
  const run: Record<(typeof names)[number], Check['run']> = {
    playbook: () => checkPlaybook(config),
    ports: () => checkPorts(config),
    temporal: () => checkTemporal(context),
    namespace: () => checkTemporalNamespace(context),
    gateway: () => checkGateways(context),
    openai: () => checkOpenAi(context),
    events: () => checkEvents(config),
    disk: () => checkDisk(config.dataDir),
    clock: () => checkClock(context),
    webhook: () => checkWebhooks(config),
  };
  return [
    node,
    { name: 'settings', run: () => ok('All settings are valid') },
    ...names.map((name) => ({ name, run: run[name] })),
  ];
}

function contextOf(config: Config, env: Record<string, string>): CheckContext {
  const { openai } = config;
  return {
    config,
    env,
    metrics: () => metricsOf(config, env),
    gateways: configuredGateways(config.gateways).map((one) => checkedGateway(one, config)),
    openaiResponse:
      openai &&
      once(() =>
        get(`${(openai.baseURL ?? 'https://api.openai.com/v1').replace(/\/$/, '')}/models`, {
          authorization: `Bearer ${openai.apiKey}`,
        }),
      ),
  };
}

function checkedGateway({ gateway, settings }: ConfiguredGateway, { publicUrl }: Config): CheckedGateway {
  const { name, variableNames } = gateway;
  const { simulated, url } = settings;
  if (simulated) return { name, variableNames, url, check: undefined, response: undefined };
  const admin = gateway.manage?.(settings);
  const check = admin?.check && (() => admin.check?.(publicUrl) ?? Promise.resolve([]));
  return { name, variableNames, url, check, response: once(() => get(url)) };
}

/** The metrics of all processes that these settings may be of: without METRICS_PORT, the worker has its own port. */
async function metricsOf({ metrics }: Config, { METRICS_PORT }: Record<string, string>): Promise<string> {
  const ports = METRICS_PORT ? [metrics.port] : Object.values(metricsPorts);
  const page = async (port: number) => {
    const { status, body } = await get(`${localUrl({ ...metrics, port })}/metrics`);
    return status === 200 ? body : '';
  };
  return (await Promise.all(ports.map((port) => page(port).catch(() => '')))).join('\n');
}

/** Makes a request only once, because two checks use its response. */
function once(request: () => Promise<HttpResponse>): () => Promise<HttpResponse> {
  let response: Promise<HttpResponse> | undefined;
  return () => (response ??= request());
}

async function finding({ run }: Check): Promise<Finding> {
  const timedOut = fail(`No result within ${checkTimeoutMs / 1_000} s`, 'check what this check connects to');
  try {
    return await Promise.race([Promise.resolve().then(run), sleep(checkTimeoutMs, timedOut, { ref: false })]);
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error), 'check what this check connects to');
  }
}
