import { expect } from 'vitest';
import { type Fault, faults } from '../../src/http/faults.js';

interface RawAnswer {
  status: number;
  headers: ReadonlyMap<string, string>;
  body: string;
}

/** The answers that came over a connection, in their order; throws on an answer cut short and on bytes that are none. */
export function answersIn(received: string): RawAnswer[] {
  const answers: RawAnswer[] = [];
  for (let rest = received; rest !== ''; ) {
    const [head, line, fields] = /^(HTTP\/1\.1 \d{3} [^\r\n]*)\r\n((?:[^\r\n]+\r\n)*)\r\n/.exec(rest) ?? [];
    if (head === undefined || line === undefined || fields === undefined) throw new Error(`no answer: ${rest.slice(0, 200)}`);
    const headers = new Map(Array.from(fields.matchAll(/^([^:\r\n]+): (.*)$/gm), ([, name = '', value = '']) => [name.toLowerCase(), value]));
    const end = head.length + Number(headers.get('content-length') ?? 0);
    if (rest.length < end) throw new Error(`cut short: ${line}`);
    answers.push({ status: Number(line.slice(9, 12)), headers, body: rest.slice(head.length, end) });
    rest = rest.slice(end);
  }
  return answers;
}

/** The status of an answer, and of a problem its name too, once its form is right and it says nothing of our code. */
export function outcomeOf({ status, headers, body }: RawAnswer): string {
  expect(body).not.toMatch(/\bat .*[:(]|node:|node_modules|\.[jt]s\b|Error:/);
  if (status < 400) return String(status);
  expect(headers.get('content-type')).toBe('application/problem+json');
  const { type, ...problem } = JSON.parse(body) as Record<string, unknown>;
  const fault = String(type).replace(/^\/problems\//, '');
  expect(problem).toMatchObject({ ...faults[fault as Fault], status, detail: expect.stringMatching(/./) });
  return `${status} ${fault}`;
}
