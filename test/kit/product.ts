import type { ProductPorts } from './ports.js';
import { type Program, projectFolder, ready, startProgram } from './program.js';
import { testSecret, webhookSecret } from './secret.js';

export interface Product extends Program {
  webhook: string;
  gatewayUrl: string;
}

type Environment = Record<string, string> & ProductPorts & { DATA_DIR: string };

/**
 * `npm start` on free ports, without the build, which the suite has made; resolves when it says that it is ready.
 *
 * @param folder of a build of the product
 */
export const startProduct = (env: Environment, folder = projectFolder) =>
  start('npm', ['start', '--ignore-scripts'], 'Stop with Ctrl-C', withSecret(env), folder);

/** The same without npm: the child is the product itself. */
export const startBuiltProduct = (env: Environment) =>
  start(process.execPath, ['dist/standalone/main.js'], 'Stop with Ctrl-C', withSecret(env));

/** The api as a process of its own. */
export const startBuiltApi = (env: Environment, folder = projectFolder) =>
  start(
    process.execPath,
    ['dist/api/main.js'],
    'The api is ready',
    { ANSWERBACK_SECRET: testSecret, WEBHOOK_SECRET: webhookSecret, ...env },
    folder,
  );

/** A worker as a process of its own; its METRICS_PORT is not that of the api beside it. */
export const startBuiltWorker = (env: Environment, folder = projectFolder) =>
  start(
    process.execPath,
    ['dist/worker/main.js'],
    'The worker is ready',
    { ANSWERBACK_SECRET: testSecret, ...env },
    folder,
  );

/** With a real gateway the product needs a secret. */
function withSecret(env: Environment): Environment {
  return env['SMS_MOBILE_API_KEY'] === undefined ? env : { WEBHOOK_SECRET: webhookSecret, ...env };
}

/** Tests post the same text of one number again and again. */
const forTests = { DOUBLE_WINDOW: '0', REPLIES_PER_SENDER: 'none' };

async function start(
  command: string,
  args: string[],
  words: string,
  env: Environment,
  cwd = projectFolder,
): Promise<Product> {
  return {
    ...(await ready(startProgram(command, args, { ...forTests, ...env }, { cwd }), words)),
    webhook: webhookOf(env),
    gatewayUrl: `http://127.0.0.1:${env.GATEWAY_PORT}`,
  };
}

/** The URL of the webhook; with `webhookSecret` it ends with that, as a provider's dashboard can set it. */
export function webhookOf({ PORT, WEBHOOK_SECRET }: Pick<Environment, 'PORT'> & { WEBHOOK_SECRET?: string }): string {
  const url = `http://127.0.0.1:${PORT}/api/webhook/sms-received`;
  return WEBHOOK_SECRET === webhookSecret ? `${url}/${webhookSecret}` : url;
}

/** Posts JSON and returns status and body. */
export async function postJson(url: string, body: unknown): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}
