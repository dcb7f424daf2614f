import { expect } from 'vitest';
import { type ProblemName, problemTypes } from '../../src/http/problem-types.js';

interface RawResponse {
  status: number;
  headers: ReadonlyMap<string, string>;
  body: string;
}

/**
 * The responses that came over a connection, in their order; throws on a response cut short and on bytes that are none.
 */
export function responsesIn(received: string): RawResponse[] {
  const responses: RawResponse[] = [];
  for (let rest = received; rest !== '';) {
    const [head, line, fields] = /^(HTTP\/1\.1 \d{3} [^\r\n]*)\r\n((?:[^\r\n]+\r\n)*)\r\n/.exec(rest) ?? [];
    if (head === undefined || line === undefined || fields === undefined)
      throw new Error(`not a response: ${rest.slice(0, 200)}`);
    const headers = new Map(
      Array.from(fields.matchAll(/^([^:\r\n]+): (.*)$/gm), ([, name = '', value = '']) => [name.toLowerCase(), value]),
    );
    const end = head.length + Number(headers.get('content-length') ?? 0);
    if (rest.length < end) throw new Error(`cut short: ${line}`);
    responses.push({ status: Number(line.slice(9, 12)), headers, body: rest.slice(head.length, end) });
    rest = rest.slice(end);
  }
  return responses;
}

/** The status of a response, and of a problem its name too, once its form is right and it says nothing of our code. */
export function outcomeOf({ status, headers, body }: RawResponse): string {
  expect(body).not.toMatch(/\bat .*[:(]|node:|node_modules|\.[jt]s\b|Error:/);
  if (status < 400) return String(status);
  expect(headers.get('content-type')).toBe('application/problem+json');
  const { type, ...problem } = JSON.parse(body) as Record<string, unknown>;
  const fault = String(type).replace(/^\/problems\//, '');
  expect(problem).toMatchObject({ ...problemTypes[fault as ProblemName], status, detail: expect.stringMatching(/./) });
  return `${status} ${fault}`;
}
