import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'vitest';
import { againWhileBusy } from '../../kit/again-while-busy.js';
import { eventually } from '../../kit/eventually.js';
import { aPost } from '../../helpers/messages.js';
import { dataFolder, endLeftOverServer } from '../../kit/data-folder.js';
import { freePorts } from '../../kit/ports.js';
import { postJson, type Product, startBuiltProduct } from '../../kit/product.js';
import { type Program, projectFolder, startProgram } from '../../kit/program.js';
import { testSecret, webhookSecret } from '../../kit/secret.js';

/** The product, running, for the commands that the docs name. */
export interface DocumentedStack {
  product: Product;
  /** What a part that is started beside it needs, to use the same Temporal server. */
  temporal: { TEMPORAL_ADDRESS: string };
  /** Runs a command as a user would beside the product, and returns what it printed; fails unless it ends with 0. */
  succeeds(
    command: string,
    options?: { env?: Record<string, string>; input?: string; inProject?: boolean },
  ): Promise<string>;
  /** Starts a command that runs until it is stopped, on its own ports. */
  starts(command: string, words: string, env?: Record<string, string>): Promise<Program>;
  sent(): Promise<number>;
  /** The GUID of a message whose reply the gateway has refused. */
  parked(number?: string): Promise<string>;
  stop(): Promise<void>;
}

const secrets = { ANSWERBACK_SECRET: testSecret, WEBHOOK_SECRET: webhookSecret };

export async function startDocumentedStack(): Promise<DocumentedStack> {
  const data = await dataFolder();
  const folder = mkdtempSync(path.join(tmpdir(), 'answerback-documented-'));
  for (const part of ['playbooks', 'examples'])
    cpSync(path.join(projectFolder, part), path.join(folder, part), { recursive: true });
  const ports = await freePorts();
  const settings = { ...ports, DATA_DIR: data.path, ...secrets };
  const product = await startBuiltProduct(settings);
  const running: Program[] = [];
  const temporal = { TEMPORAL_ADDRESS: `127.0.0.1:${ports.TEMPORAL_PORT}` };
  const cli = `node ${path.join(projectFolder, 'dist/cli/main.js')}`;
  const here = (command: string) =>
    command
      .replaceAll('npx answerback', cli)
      .replaceAll('node dist/cli/main.js', cli)
      .replaceAll('localhost:9464', `localhost:${ports.METRICS_PORT}`);

  const stack: DocumentedStack = {
    product,
    temporal,
    async succeeds(command, { env = {}, input = '', inProject = command.startsWith('npm ') } = {}) {
      // The commands of answerback find the server of DATA_DIR by themselves.
      const variables = { ...settings, ...(command.includes('temporal ') ? temporal : {}), ...env };
      const options = { cwd: inProject ? projectFolder : folder, input };
      return againWhileBusy(async () => {
        const program = startProgram('bash', ['-c', here(command)], variables, options);
        expect(await program.exitCode, `${command}\n${program.output()}`).toBe(0);
        return program.output();
      });
    },
    async starts(command, words, env = {}) {
      const own = await freePorts();
      const program = startProgram(
        'bash',
        ['-c', here(command)],
        { ...own, DATA_DIR: path.join(folder, 'data'), ...secrets, ...env },
        { cwd: projectFolder },
      );
      running.push(program);
      await eventually(() => program.output().includes(words), { withinMs: 90_000 });
      return program;
    },
    sent: async () => ((await (await fetch(`${product.gatewayUrl}/sent`)).json()) as { count: number }).count,
    async parked(number = '+15550001234') {
      await fetch(`${product.gatewayUrl}/script`, { method: 'POST', body: '[{"status":400}]' });
      const post = aPost({ number });
      await postJson(product.webhook, post);
      const guid = String(post.guid);
      await eventually(
        async () =>
          (
            await stack.succeeds(`temporal workflow list --query 'ReplyState="failed" AND WorkflowId="${guid}"'`)
          ).includes(guid),
        { withinMs: 60_000 },
      );
      return guid;
    },
    async stop() {
      for (const { child, exitCode } of running) {
        if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
        await exitCode;
      }
      await product.stop();
      await endLeftOverServer(path.join(folder, 'data'));
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
      await data.remove();
    },
  };
  return stack;
}
