/** Returns a Markdown table; all columns but the first are right-aligned. */
export function table(head: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), `|---|${'---:|'.repeat(head.length - 1)}`, ...rows.map(line)].join('\n');
}

/** Formats milliseconds with their significant digits. */
export function ms(value: number): string {
  if (value >= 100) return value.toFixed(0);
  return value.toFixed(value >= 10 ? 1 : 2);
}

export function rate(value: number): string {
  return `${(value >= 1_000 ? Math.round(value / 100) * 100 : Math.round(value)).toLocaleString('en')}/s`;
}

/** Says in a table whether a target is met. */
export const verdict = (isMet: boolean): string => (isMet ? 'met' : '**missed**');
