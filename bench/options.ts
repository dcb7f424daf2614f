import { parseArgs } from 'node:util';

/**
 * Parses the options of a benchmark: numbers above 0, each with its default, and flags, `--write-docs` always.
 *
 * @throws an Error that names the wrong argument
 */
export function benchOptions<Name extends string, Flag extends string = never>(
  defaults: Record<Name, number>,
  flags: readonly Flag[] = [],
): Record<Name, number> & Record<Flag, boolean> & { writeDocs: boolean } {
  const names = Object.keys(defaults) as Name[];
  const optionsOf = <Type extends 'string' | 'boolean'>(all: readonly string[], type: Type) =>
    Object.fromEntries(all.map((name) => [name, { type }]));
  const { values } = parseArgs({
    options: { ...optionsOf(names, 'string'), ...optionsOf([...flags, 'write-docs'], 'boolean') },
  });
  const numbers = Object.fromEntries(names.map((name) => [name, positive(name, values[name] ?? defaults[name])]));
  const set = Object.fromEntries(flags.map((flag) => [flag, values[flag] === true]));
  return {
    ...(numbers as Record<Name, number>),
    ...(set as Record<Flag, boolean>),
    writeDocs: values['write-docs'] === true,
  };
}

function positive(name: string, value: unknown): number {
  const number = Number(value);
  if (!(number > 0) || !Number.isFinite(number)) throw new Error(`--${name} must be a number above 0`);
  return number;
}
