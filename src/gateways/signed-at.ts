/** The maximum difference between a post's timestamp and our clock, in seconds: clock skew and age together. */
export const toleranceSeconds = 300;

/** @param timestamp in Unix seconds, as it was received */
export function isRecent(timestamp: string, nowMs = Date.now()): boolean {
  return /^\d{1,12}$/.test(timestamp) && Math.abs(nowMs / 1_000 - Number(timestamp)) <= toleranceSeconds;
}
