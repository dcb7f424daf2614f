import { afterAll, beforeAll, expect } from 'vitest';
import { eventually } from '../kit/eventually.js';
import { packed } from '../helpers/answerback-command.js';
import { dataFolder } from '../kit/data-folder.js';
import { freePorts } from '../kit/ports.js';
import { type Product, startBuiltProduct } from '../kit/product.js';

let folder: Awaited<ReturnType<typeof dataFolder>>;
export let env: Awaited<ReturnType<typeof freePorts>> & { DATA_DIR: string };
export let product: Product;

/** Runs a product for as long as the tests of a file do. */
export function useProduct(): void {
  beforeAll(async () => {
    folder = await dataFolder();
    env = { ...(await freePorts()), DATA_DIR: folder.path };
    product = await startBuiltProduct(env);
  });
  afterAll(async () => {
    await product.stop();
    await folder.remove();
  });
}

export const answerback = (...args: string[]) => packed.answerback(args, env);

export async function json<Document>(...args: string[]): Promise<Document> {
  const { stdout, stderr, exitCode } = await answerback(...args, '--json');
  expect({ stderr, exitCode }).toMatchObject({ exitCode: 0 });
  return JSON.parse(stdout) as Document;
}

export const script = (...steps: object[]) =>
  fetch(`${product.gatewayUrl}/script`, { method: 'POST', body: JSON.stringify(steps) });
export const sentCount = async () =>
  ((await (await fetch(`${product.gatewayUrl}/sent`)).json()) as { count: number }).count;

/** A message whose reply the gateway has refused, known to the list. */
export async function parked(guid: string, status = 400): Promise<void> {
  await script({ status });
  const { exitCode, stderr } = await answerback('send', 'Yes, I agree', '--guid', guid, '--wait');
  expect({ exitCode, stderr }).toEqual({
    exitCode: 1,
    stderr: `Accepted as ${guid}\nThe reply is not confirmed as sent (${status === 400 ? 'failed' : 'uncertain'}): check it with "answerback show ${guid}"\n`,
  });
  await eventually(async () =>
    (await answerback('runs', '--state', status === 400 ? 'failed' : 'uncertain')).stdout.includes(guid),
  );
}
