/** A Markdown table; columns after the first are aligned right. */
export function table(head: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), `|---|${'---:|'.repeat(head.length - 1)}`, ...rows.map(line)].join('\n');
}

/** Milliseconds with as many digits as say something. */
export function ms(value: number): string {
  if (value >= 100) return value.toFixed(0);
  return value.toFixed(value >= 10 ? 1 : 2);
}

export function rate(value: number): string {
  return `${(value >= 1_000 ? Math.round(value / 100) * 100 : Math.round(value)).toLocaleString('en')}/s`;
}
