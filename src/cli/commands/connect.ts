import { createInterface } from 'node:readline/promises';
import { loadConfig } from '../../config/config.js';
import { findGateway, gatewayNames } from '../../config/gateways.js';
import {
  AdminError,
  ChoiceError,
  type ConnectPlan,
  type ConnectStep,
  type GatewayAdmin,
} from '../../gateways/admin.js';
import { ConfigError, OperatorError, UsageError } from '../../process/errors.js';
import { facts } from '../../process/output.js';
import type { Context } from '../context.js';
import type { ConnectOptions } from '../options.js';
import { didYouMean } from '../suggest.js';

/** `answerback connect GATEWAY`: registers the webhooks at the provider, after it has shown what it will do. */
export async function connect(
  name: string,
  { number, replace = false, yes = false }: ConnectOptions,
  { env, output }: Context,
): Promise<void> {
  const { title, admin, publicUrl } = adminOf(name, env);
  const plan = await answering(admin.plan(publicUrl, number === undefined ? undefined : plain(number)));
  const document = { gateway: name, steps: plan.steps.map(documentOf), notes: plan.notes };
  const open = plan.steps.filter(({ state }) => state !== 'done');
  const print = (done: boolean, outcome: string) =>
    output.print({ ...document, done }, [...linesOf(plan), outcome].filter(Boolean).join('\n'));

  if (plan.steps.length === 0) return print(false, '');
  if (open.length === 0) return print(true, `${title} is already connected`);
  if (open.some(({ state }) => state === 'foreign') && !replace) {
    print(false, '');
    throw new OperatorError(
      `${title} has another address there, and nothing was changed`,
      'if nothing else needs it, add --replace',
    );
  }
  if (!yes && !canAsk()) {
    print(false, '');
    throw new UsageError('Nothing was changed: add --yes to do this');
  }
  if (!yes && !(await isConfirmed([...linesOf(plan), `Change this at ${title}?`])))
    throw new OperatorError('Nothing was changed');
  const unsupported = await applyAll(open, title);
  print(true, `${title} is connected`);
  if (unsupported.length > 0)
    output.say(`${title} does not have these, which are not needed: ${unsupported.join(', ')}`);
}

function adminOf(name: string, env: Record<string, string>): { title: string; admin: GatewayAdmin; publicUrl: string } {
  const config = loadConfig(env);
  const found = findGateway(name, config.gateways);
  if (!found) {
    const names = gatewayNames.join(', ');
    throw new UsageError(`There is no gateway ${name}: give one of ${names}${didYouMean(name, gatewayNames)}`);
  }
  const { gateway, settings } = found;
  const { title, variableNames } = gateway;
  if (!settings || settings.simulated)
    throw new ConfigError([`${variableNames.key} must be set to connect ${title}: see docs/gateways`]);
  const { publicUrl } = config;
  if (publicUrl === undefined)
    throw new ConfigError([`PUBLIC_URL must be set to connect ${title}: the address at which it reaches the webhook`]);
  const admin = gateway.manage?.(settings);
  if (!admin) throw new OperatorError(`${title} can't be connected by this command`);
  return { title, admin, publicUrl };
}

/** The number without what people write between its digits. */
const plain = (number: string) => number.replace(/[\s().-]/g, '');

async function applyAll(steps: readonly ConnectStep[], title: string): Promise<string[]> {
  const unsupported: string[] = [];
  for (const [index, step] of steps.entries()) {
    try {
      if ((await step.apply()) === 'unsupported') unsupported.push(step.what);
    } catch (error) {
      if (!(error instanceof AdminError)) throw error;
      const done = `${index} of ${steps.length} were registered at ${title}`;
      throw new OperatorError(`${error.message}; ${done}`, `${error.todo}, then run this again`);
    }
  }
  return unsupported;
}

/** @throws {OperatorError | UsageError} for the errors of a plan */
async function answering(plan: Promise<ConnectPlan>): Promise<ConnectPlan> {
  try {
    return await plan;
  } catch (error) {
    if (error instanceof ChoiceError) throw new UsageError(error.message);
    throw error instanceof AdminError ? new OperatorError(error.message, error.todo) : error;
  }
}

const words = { done: 'already', missing: 'register', different: 'change', foreign: 'replace' } as const;

const linesOf = ({ steps, notes }: ConnectPlan): string[] => [
  ...(steps.length === 0
    ? []
    : [
        facts(
          steps.map(({ what, state, now, address }) => [
            words[state],
            `${what}: ${address}${now === undefined ? '' : `, instead of ${now}`}`,
          ]),
        ),
      ]),
  ...notes.map(({ found, todo }) => `Note: ${found}: ${todo}`),
];

const documentOf = ({ what, address, state, now }: ConnectStep) => ({ what, address, state, now });

const canAsk = () => process.stdin.isTTY && process.stderr.isTTY;

/** Shows what will be done, and asks. */
async function isConfirmed(lines: readonly string[]): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`${lines.join('\n')} [y/N] `);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}
