/** Returns the quantile of the values, by the nearest-rank method. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? NaN;
}

/** Returns the middle value, or the mean of the two middle values. */
export function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[half] as number) : ((sorted[half - 1] ?? NaN) + (sorted[half] ?? NaN)) / 2;
}

/** Two sides that were measured in the same rounds. */
export interface PairedRatio {
  /** The median over the rounds of the ratio in each. */
  ratio: number;
  lowest: number;
  highest: number;
}

/** Compares two sides round by round, so that a busy moment of both changes nothing. */
export function pairedRatio(measured: readonly number[], compared: readonly number[]): PairedRatio {
  const ratios = measured.map((value, round) => value / (compared[round] ?? NaN));
  return { ratio: median(ratios), lowest: Math.min(...ratios), highest: Math.max(...ratios) };
}
