import { parseArgs } from 'node:util';

export interface SoakOptions {
  minutes: number;
  /** New messages; redeliveries and what is wrong come on top. */
  perSecond: number;
  writeDocs: boolean;
}

/** @throws an Error that names what is wrong with the arguments */
export function soakOptions(args: string[]): SoakOptions {
  const { values } = parseArgs({
    args,
    options: {
      minutes: { type: 'string', default: '60' },
      'per-second': { type: 'string', default: '20' },
      'write-docs': { type: 'boolean', default: false },
    },
  });
  return { minutes: positive('--minutes', values.minutes), perSecond: positive('--per-second', values['per-second']), writeDocs: values['write-docs'] };
}

function positive(name: string, value: string): number {
  const number = Number(value);
  if (!(number > 0) || !Number.isFinite(number)) throw new Error(`${name} must be a number above 0`);
  return number;
}
