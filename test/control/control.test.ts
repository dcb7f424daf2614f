import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { controlSocket, drainOf } from '../../src/control/control.js';

/** An absolute data folder whose socket has a path of this many bytes; a relative path to it is longer. */
function folderFor(socketBytes: number, character: string): string {
  const length = socketBytes - Buffer.byteLength('//control.sock');
  const size = Buffer.byteLength(character);
  return `/${character.repeat(Math.floor(length / size))}${'a'.repeat(length % size)}`;
}

describe('the control socket', () => {
  it.each(['x', 'é', '文'])('has a path of at most 103 bytes, also with %s in it', (character) => {
    const longest = folderFor(103, character);
    expect(controlSocket(longest)).toBe(path.join(longest, 'control.sock'));
    expect(Buffer.byteLength(controlSocket(longest) ?? '')).toBe(103);
    expect(controlSocket(folderFor(104, character))).toBeUndefined();
  });

  it('has a relative path where the absolute one is too long', () => {
    const deep = path.join(process.cwd(), 'd'.repeat(90));
    expect(controlSocket(deep)).toBe(path.join('d'.repeat(90), 'control.sock'));
  });

  it('that would have too long a path is named, with what to do', async () => {
    await expect(drainOf(folderFor(104, 'x')).state()).rejects.toThrow(
      /^DATA_DIR \/x+ is too long for a socket, whose path may have 103 bytes: set DATA_DIR to a shorter path$/,
    );
  });
});
