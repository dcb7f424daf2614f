import { ConfigError, OperatorError, UsageError } from './errors.js';

/**
 * Returns what a process prints about the error that ends it. An error of a package gets its causes too: "Failed to
 * start Workflow" alone doesn't say that Temporal was too slow.
 */
export function errorLines(error: unknown): string[] {
  if (error instanceof ConfigError)
    return ['Some settings are invalid. Correct them:', ...error.problems.map((problem) => `  ${problem}`)];
  if (!(error instanceof Error)) return [String(error)];
  if (error instanceof OperatorError || error instanceof UsageError) return [error.message];
  return [[...new Set(messagesOf(error))].filter((message) => message !== '').join(': ')];
}

function messagesOf(error: Error): string[] {
  return [error.message, ...(error.cause instanceof Error ? messagesOf(error.cause) : [])];
}
