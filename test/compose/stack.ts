import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Dialect } from '../../src/demo/simulated-gateway/dialect.js';
import type { SimulatedGateway } from '../../src/demo/simulated-gateway/server.js';
import { freePort } from '../kit/ports.js';
import { testSecret, webhookSecret } from '../kit/secret.js';
import { checkOut } from './checkout.js';
import { composeCommand } from './compose-program.js';
import { docker } from './docker.js';
import { startGatewayForContainers } from './gateway-for-containers.js';

const run = promisify(execFile);
const [program, ...words] = composeCommand;

/** The services that run all the time. */
export const lasting = ['postgres', 'temporal', 'temporal-ui', 'api', 'worker'] as const;
type Service = (typeof lasting)[number] | 'temporal-schema' | 'temporal-namespace';

/** The answerback command in a container. */
export const cli = ['node', 'dist/cli/main.js'] as const;

interface State {
  Status: string;
  ExitCode: number;
  Health?: { Status: string };
}

export interface Stack {
  /** The fresh clone. */
  folder: string;
  /** On this machine, outside of the containers. */
  gateway: SimulatedGateway;
  port: number;
  /** Runs `docker compose` in the fresh clone, and returns what it printed on stdout. */
  compose: (...args: readonly string[]) => Promise<string>;
  /** The answerback command in a container, as docs/command-line.md has it. */
  answerback: (service: 'api' | 'worker', ...args: readonly string[]) => Promise<string>;
  /** `answerback erase` with the number on its standard input. */
  erase: (number: string) => Promise<string>;
  container: (service: Service) => Promise<string>;
  state: (service: Service) => Promise<State>;
  /** Posts a text as a gateway does. */
  post: (guid: string, text: string, number?: string) => Promise<Response>;
  remove(): Promise<void>;
}

interface StackOptions {
  /** How the gateway speaks. Default: like SMSMobileAPI. */
  dialect?: Dialect;
  /** Beside those that the stack needs, or in their place. */
  settings?: Record<string, string>;
}

/** Docker compose in a fresh clone, with settings in `.env`, before anything is up. */
export async function createStack({ settings: otherSettings = {}, ...gateway }: StackOptions = {}): Promise<Stack> {
  const clone = await checkOut();
  const { folder } = clone;
  const forContainers = await startGatewayForContainers(gateway);
  const port = await freePort();
  const settings = {
    ANSWERBACK_SECRET: testSecret,
    WEBHOOK_SECRET: webhookSecret,
    PAYLOAD_KEYS: `k1:${randomBytes(32).toString('base64')}`,
    SMS_MOBILE_API_KEY: 'a-key',
    SMS_MOBILE_API_URL: `http://host.docker.internal:${forContainers.port}`,
    SMS_AUTO_REPLY_ENABLED: 'true',
    PORT: String(port),
    ...otherSettings,
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`);
  await writeFile(path.join(folder, '.env'), lines.join(''));

  async function compose(...args: readonly string[]): Promise<string> {
    const { stdout } = await run(program, [...words, ...args], { cwd: folder, maxBuffer: 64 * 1024 * 1024 });
    return stdout.trim();
  }
  const container = (service: Service) => compose('ps', '--all', '--quiet', service);
  return {
    folder,
    gateway: forContainers.gateway,
    port,
    compose,
    container,
    answerback: (service, ...args) => compose('exec', '--no-TTY', service, ...cli, ...args),
    async erase(number) {
      const command = [...words, 'exec', '--no-TTY', 'api', ...cli, 'erase'];
      const erasing = run(program, command, { cwd: folder });
      erasing.child.stdin?.end(`${number}\n`);
      const { stdout, stderr } = await erasing;
      return stdout + stderr;
    },
    state: async (service) =>
      JSON.parse(await docker('inspect', '--format', '{{json .State}}', await container(service))) as State,
    post: (guid, message, number = '+12025550123') =>
      fetch(`http://127.0.0.1:${port}/api/webhook/sms-received/${webhookSecret}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ ...written(), message, number, guid }),
      }),
    async remove() {
      await compose('down', '--volumes', '--remove-orphans', '--timeout', '5');
      await forContainers.close();
      await clone.remove();
    },
  };
}

/** When a text was written, as SMSMobileAPI says it. */
function written() {
  const [date = '', hour = ''] = new Date().toISOString().split(/[T.]/);
  return { date, hour, time_received: `${date} ${hour}` };
}
