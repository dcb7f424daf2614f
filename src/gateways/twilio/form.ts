import { ProblemError } from '../../http/problem.js';

/** Twilio sends some 20 parameters, and a few for each attachment. */
export const maxParameters = 200;

const ampersand = 0x26;

/** The parameters of a form: all values of each name, in the order of the body. */
export type Form = ReadonlyMap<string, readonly string[]>;

/** Parses a form. Undefined: it has more than `maxParameters`; they are counted before anything is decoded. */
export function parseForm(body: Buffer): Form | undefined {
  let parameters = 1;
  for (let at = body.indexOf(ampersand); at !== -1; at = body.indexOf(ampersand, at + 1)) {
    parameters += 1;
    if (parameters > maxParameters) return undefined;
  }
  const form = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(body.toString())) {
    form.set(name, [...(form.get(name) ?? []), value]);
  }
  return form;
}

/** @throws {ProblemError} 400 for a form with too many parameters */
export function readForm(body: Buffer): Form {
  const form = parseForm(body);
  if (!form) throw new ProblemError('too-complex', { detail: `A form may have ${maxParameters} parameters.` });
  return form;
}

/** Returns the value of each name; a list where a name has several different values, which no field accepts. */
export function fieldsOf(form: Form): Record<string, string | string[]> {
  return Object.fromEntries(
    [...form].map(([name, values]) => {
      const [value = '', ...others] = new Set(values);
      return [name, others.length > 0 ? [value, ...others] : value];
    }),
  );
}
