import type { Config } from '../../config.js';

/** What a check found. `skipped`: there was nothing to check, or no way to. */
export interface Finding {
  status: 'ok' | 'warn' | 'fail' | 'skipped';
  /** What is so. No secrets. */
  found: string;
  /** What to do about it. */
  todo?: string;
}

export interface Check {
  name: string;
  run: () => Promise<Finding> | Finding;
}

/** What the checks share. */
export interface CheckContext {
  config: Config;
  env: Record<string, string>;
  /** One HTTP answer of each service that the settings name and that is not this machine's simulated one. */
  answers: { gateway?: () => Promise<HttpAnswer>; openai?: () => Promise<HttpAnswer> };
}

export interface HttpAnswer {
  url: string;
  status: number;
  /** When the other side says it is, and when we got it. */
  date: string | null;
  atMs: number;
  body: string;
}

const answerWithinMs = 5_000;

/** The most of an answer that is read. */
const mostBytes = 1_048_576;

/** One GET that follows no redirect. */
export async function get(url: string, headers: Record<string, string> = {}): Promise<HttpAnswer> {
  const response = await fetch(url, { headers, redirect: 'manual', signal: AbortSignal.timeout(answerWithinMs) });
  const atMs = Date.now();
  let body = '';
  const decoder = new TextDecoder();
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    body += decoder.decode(chunk, { stream: true });
    if (body.length > mostBytes) break;
  }
  return { url, status: response.status, date: response.headers.get('date'), atMs, body };
}

/** Why a request failed, in a word or two. */
export function reasonOf(error: unknown): string {
  const { name, cause } = error as { name?: string; cause?: { code?: string } };
  if (name === 'TimeoutError') return `no answer within ${answerWithinMs / 1_000} s`;
  // No other words: they may quote the key.
  return cause?.code ?? 'the request could not be made';
}

export const ok = (found: string): Finding => ({ status: 'ok', found });
export const skipped = (found: string): Finding => ({ status: 'skipped', found });
export const warn = (found: string, todo: string): Finding => ({ status: 'warn', found, todo });
export const fail = (found: string, todo: string): Finding => ({ status: 'fail', found, todo });
