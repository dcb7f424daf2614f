import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { createOutput, table, visible } from '../../src/process/output.js';
import { createProgress } from '../../src/process/progress.js';

/** A stream that says whether it is a terminal, and what was written to it. */
function stream(isTTY: boolean): { to: NodeJS.WriteStream; written: () => string } {
  let written = '';
  const to = Object.assign(new PassThrough(), { isTTY, columns: 80 });
  to.on('data', (chunk: Buffer) => (written += chunk.toString()));
  return { to: to as unknown as NodeJS.WriteStream, written: () => written };
}

it('colours only on a terminal and without NO_COLOR', () => {
  const paintOn = (isTTY: boolean, noColor: boolean) => {
    const { to } = stream(isTTY);
    return createOutput({ out: to, err: to }, { json: false, noColor }).paint('red', 'x');
  };
  expect(paintOn(true, false)).toBe('\u001b[31mx\u001b[0m');
  expect(paintOn(true, true)).toBe('x');
  expect(paintOn(false, false)).toBe('x');
});

it('removes everything that could control a terminal', () => {
  expect(visible('a\u001b[2Jb\u009bc\u202ed\n\te')).toBe('a\\u001b[2Jb\\u009bc\\u202ed\n\te');
  expect(
    table([
      ['A', 'B'],
      ['x\u001b]0;t\u0007', 'two\nlines'],
    ]),
  ).toBe('A                  B\nx\\u001b]0;t\\u0007  two lines');
});

it('prints one JSON document without control characters', () => {
  const [out, err] = [stream(false), stream(false)];
  const output = createOutput({ out: out.to, err: err.to }, { json: true, noColor: false });
  output.say('talk');
  output.print({ a: '\u009b\u001b' }, 'text');
  expect(out.written()).toBe('{\n  "a": "\\u009b\\u001b"\n}\n');
  expect(err.written()).toBe('talk\n');
});

it('draws progress on a terminal only', () => {
  const [terminal, pipe] = [stream(true), stream(false)];
  for (const { to } of [terminal, pipe]) {
    const progress = createProgress(to, 'Requeueing', 2);
    progress.step();
    progress.step();
    progress.end();
  }
  expect(terminal.written()).toContain('Requeueing');
  expect(terminal.written()).toContain('2/2');
  expect(pipe.written()).toBe('');
});
