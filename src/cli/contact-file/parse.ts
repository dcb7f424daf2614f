import { CsvError, type Info, parse } from 'csv-parse/sync';
import type { Config } from '../../config/config.js';
import { OperatorError } from '../../process/errors.js';
import { fromText } from '../cell-text.js';
import { dateOrTime } from '../date-or-time.js';
import { noNumber, phoneNumber } from '../senders.js';
import { didYouMean } from '../suggest.js';
import { type Column, columns } from './columns.js';

/** A number to opt out, and the identities under which it is remembered. */
export interface ImportedContact {
  kept: string[];
  since: string;
  source: string;
  words?: string;
}

export interface WrongLine {
  line: number;
  problem: string;
}

interface ParseOptions {
  /** Source of lines that have none. */
  source: string;
  config: Pick<Config, 'defaultCountry'>;
  /** Date of lines that have none. */
  now: Date;
}

interface ReadLine {
  record: string[];
  info: Info;
}

/** Up to this many characters, as of a message. */
const maxCharacters = 40_000;

/**
 * Reads a CSV file of contacts. A number that is in several lines is returned once, with its newest date.
 *
 * @returns the contacts, and every wrong line with what is wrong
 * @throws {OperatorError} when the file as a whole can't be read
 */
export function parseContactFile(
  bytes: Uint8Array,
  options: ParseOptions,
): { contacts: ImportedContact[]; wrong: WrongLine[] } {
  const [header, ...lines] = split(bytes);
  if (!header) throw new OperatorError('The file is empty: its first line must name the columns, such as number');
  const names = headerOf(header.record);
  const contacts = new Map<string, ImportedContact>();
  const wrong: WrongLine[] = [];
  for (const { record, info } of lines) {
    const read = record.length === names.length ? contactOf(record, names, options) : countProblem(record, names);
    if (typeof read === 'string') wrong.push({ line: info.lines, problem: read });
    else contacts.set(keyOf(read), merged(contacts.get(keyOf(read)), read));
  }
  return { contacts: [...contacts.values()], wrong };
}

/** The usual identity of a number. */
const keyOf = ({ kept: [usual = ''] }: ImportedContact): string => usual;

/** Returns the newest of two lines of a number, for the identities of both. */
function merged(before: ImportedContact | undefined, read: ImportedContact): ImportedContact {
  if (!before) return read;
  const newest = before.since < read.since ? read : before;
  return { ...newest, kept: [...new Set([...before.kept, ...read.kept])] };
}

/** Splits the file into records, each with the number of its last line. */
function split(bytes: Uint8Array): ReadLine[] {
  const text = decode(bytes).replace(/\r\n?/g, '\n');
  try {
    const options = {
      info: true,
      skip_empty_lines: true,
      relax_column_count: true,
      max_record_size: maxCharacters * 2,
    };
    return parse(text, { ...options, record_delimiter: '\n' }) as unknown as ReadLine[];
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    // Its message can repeat a number.
    const place = `line ${String(error['lines'])}`;
    const causes: Record<string, string> = {
      CSV_QUOTE_NOT_CLOSED: `the quote that is opened on ${place} is not closed`,
      CSV_MAX_RECORD_SIZE: `${place} is too long`,
    };
    throw new OperatorError(`The file is no CSV: ${causes[error.code] ?? `a quote on ${place} is wrong`}`);
  }
}

function decode(bytes: Uint8Array): string {
  try {
    // It drops a byte order mark.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new OperatorError('The file is not in UTF-8: save it as "CSV UTF-8"');
  }
}

function headerOf(record: string[]): Column[] {
  const names = record.map((name) => name.trim().toLowerCase());
  const known: readonly string[] = columns;
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined || !names.includes('number') || new Set(names).size < names.length)
    throw new OperatorError(
      `The first line must name the columns, separated by commas: number, and any of ${columns.slice(1).join(', ')}` +
        (unknown === undefined ? '' : didYouMean(unknown, columns)),
    );
  return names as Column[];
}

const countProblem = (record: string[], names: Column[]): string =>
  `it has ${record.length} columns, not ${names.length}: put quotes around a text with a comma`;

/** Returns the contact of a line, or what is wrong with it. */
function contactOf(record: string[], names: Column[], { source, config, now }: ParseOptions): ImportedContact | string {
  const cell = (name: Column) => record[names.indexOf(name)] ?? '';
  const number = phoneNumber(cell('number').trim(), config);
  if (!number) return `the number ${noNumber}`;
  if (!['', 'opted-out'].includes(cell('state').trim())) return 'state must be opted-out';
  const typed = cell('since').trim();
  const since = typed === '' ? now : dateOrTime.safeParse(typed).data;
  if (!since) return 'since must be a date or a time with its zone, such as 2026-11-01 or 2026-11-01T10:00:00Z';
  if (since > now) return 'since is in the future';
  const words = fromText(cell('words'));
  return {
    kept: number.kept,
    since: since.toISOString(),
    source: fromText(cell('source')) || source,
    ...(words !== '' && { words }),
  };
}
