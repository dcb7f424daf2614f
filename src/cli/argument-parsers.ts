import { InvalidArgumentError } from 'commander';
import { didYouMean } from './suggest.js';

/** Parses a whole number from 1 to 999,999,999. */
export function wholeNumber(value: string): number {
  if (!/^\d{1,9}$/.test(value) || Number(value) < 1)
    throw new InvalidArgumentError('It must be a whole number, at least 1.');
  return Number(value);
}

/** Parses a share from 0 to 1. */
export function share(value: string): number {
  if (!/^(0|1|0?\.\d{1,9}|1\.0+)$/.test(value))
    throw new InvalidArgumentError('It must be a number from 0 to 1, such as 0.92.');
  return Number(value);
}

/** Creates a parser that accepts only these values. */
export function oneOf<Value extends string>(values: readonly Value[]): (value: string) => Value {
  return (typed) => {
    const match = values.find((value) => value === typed);
    if (match === undefined)
      throw new InvalidArgumentError(`It must be one of ${values.join(', ')}${didYouMean(typed, values)}`);
    return match;
  };
}

/** Collects the values of an option that may be repeated. */
export const collect = (value: string, earlier: string[]) => [...earlier, value];
