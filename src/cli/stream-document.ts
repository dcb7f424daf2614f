import { once } from 'node:events';
import { harmless } from '../log/escape.js';

/** Writes a text, and waits while a slow reader falls behind, so that memory stays bounded. */
export async function write(stream: NodeJS.WritableStream, text: string): Promise<void> {
  if (!stream.write(text)) await once(stream, 'drain');
}

/**
 * Writes a JSON document whose last member is a long list, one item at a time.
 *
 * @returns how many items it wrote
 */
export async function streamDocument(
  stream: NodeJS.WritableStream,
  members: Record<string, unknown>,
  [name, items]: readonly [string, AsyncIterable<unknown>],
): Promise<number> {
  const head = Object.entries(members).map(([key, value]) => `  ${json(key)}: ${json(value)},\n`);
  await write(stream, `{\n${head.join('')}  ${json(name)}: [`);
  let count = 0;
  for await (const item of items) await write(stream, `${count++ > 0 ? ',' : ''}\n    ${json(item)}`);
  await write(stream, `${count > 0 ? '\n  ' : ''}]\n}\n`);
  return count;
}

const json = (value: unknown): string => harmless(JSON.stringify(value));
