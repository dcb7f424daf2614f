import type { Config } from '../../config/config.js';
import type { AdminFinding } from '../../gateways/admin.js';
import type { Gateway } from '../../gateways/gateway.js';

/** The result of a check. `skipped`: there was nothing to check, or no way to check it. */
export interface Finding {
  status: 'ok' | 'warn' | 'fail' | 'skipped';
  /** What the check found. Contains no secrets. */
  found: string;
  /** What to do about it. */
  todo?: string;
}

export interface Check {
  name: string;
  run: () => Promise<Finding> | Finding;
}

/** What all checks get. */
export interface CheckContext {
  config: Config;
  env: Record<string, string>;
  gateways: readonly CheckedGateway[];
  /** The metrics that processes on this machine export; empty when none responds. */
  metrics: () => Promise<string>;
  /** The HTTP response of OpenAI, if it is configured. */
  openaiResponse?: (() => Promise<HttpResponse>) | undefined;
}

export interface CheckedGateway {
  name: string;
  variableNames: Gateway['variableNames'];
  url: string;
  /** Asks the provider about the account. Undefined: it can't be asked. */
  check: (() => Promise<AdminFinding[]>) | undefined;
  /** Undefined: replies go to the simulated gateway. */
  response: (() => Promise<HttpResponse>) | undefined;
}

export interface HttpResponse {
  url: string;
  status: number;
  /** The Date header. */
  date: string | null;
  /** When the response arrived, in milliseconds. */
  atMs: number;
  body: string;
}

const timeoutMs = 5_000;

/** How much of a response body is read. */
const maxCharacters = 1_048_576;

/** Sends one GET request. Does not follow redirects. */
export async function get(url: string, headers: Record<string, string> = {}): Promise<HttpResponse> {
  const response = await fetch(url, { headers, redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) });
  const atMs = Date.now();
  let body = '';
  const decoder = new TextDecoder();
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    body += decoder.decode(chunk, { stream: true });
    if (body.length > maxCharacters) break;
  }
  return { url, status: response.status, date: response.headers.get('date'), atMs, body };
}

/** Why a request failed, in a few words. */
export function reasonOf(error: unknown): string {
  const { name, cause } = error as { name?: string; cause?: { code?: string } };
  if (name === 'TimeoutError') return `no response within ${timeoutMs / 1_000} s`;
  // Only the code: the error's message may contain the key.
  return cause?.code ?? 'the request failed';
}

/** Joins findings: the worst status, and everything found and to do. */
export function together(findings: readonly Finding[]): Finding {
  const worst = (['fail', 'warn', 'ok', 'skipped'] as const).find((one) =>
    findings.some(({ status }) => status === one),
  );
  const todos = findings.flatMap(({ todo }) => todo ?? []);
  return {
    status: worst ?? 'skipped',
    found: findings.map(({ found }) => found).join('; '),
    ...(todos.length > 0 && { todo: todos.join('; ') }),
  };
}

export const ok = (found: string): Finding => ({ status: 'ok', found });
export const skipped = (found: string): Finding => ({ status: 'skipped', found });
export const warn = (found: string, todo: string): Finding => ({ status: 'warn', found, todo });
export const fail = (found: string, todo: string): Finding => ({ status: 'fail', found, todo });
