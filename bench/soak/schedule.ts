import type { ScriptInput } from '../../src/demo/simulated-gateway/step.js';

/**
 * A disturbance of the product or the gateway, a storm of STOPs, loops with machines, or an action of the operator, at
 * a time since the start.
 */
export type Incident = { atMs: number } & (
  | { kind: 'product'; signal: 'SIGTERM' | 'SIGKILL' }
  | { kind: 'temporal' }
  | { kind: 'gateway'; name: string; step: ScriptInput[number]; untilMs: number }
  | { kind: 'release' }
  | { kind: 'storm'; senders: number }
  | { kind: 'loops'; machines: number }
  | { kind: 'resume' }
);

/** The failures of the gateway, in order. `share`: the duration as a share of the time between two failures. */
const failures: Array<{ name: string; step: ScriptInput[number]; share: number }> = [
  { name: '429', step: { status: 429, retryAfter: 5 }, share: 1 / 8 },
  { name: 'refuses', step: { status: 400 }, share: 1 / 40 },
  { name: 'resets', step: { reset: 'after' }, share: 1 / 80 },
  { name: '503', step: { status: 503 }, share: 1 / 8 },
  { name: 'hangs', step: { hang: true }, share: 1 / 80 },
];

/** A storm comes this long before a restart or a failure of the gateway, so that its STOPs are in any step then. */
const stormEarlierMs = 1_500;
const storm = { kind: 'storm', senders: 40 } as const;
const loops = { kind: 'loops', machines: 4 } as const;

/**
 * Returns the incidents of a run. In its first part, the product is stopped and killed, and Temporal is killed,
 * alternately. In the rest, the product runs without a restart, so that leaks have time to show. The gateway fails
 * during the whole run, and an operator releases the parked replies. Storms come before all restarts and before every
 * second failure of the gateway.
 */
export function schedule(minutes: number): Incident[] {
  const totalMs = minutes * 60_000;
  return [...roughPart(totalMs), ...gatewayFailures(totalMs), ...loopsOf(totalMs)].sort((a, b) => a.atMs - b.atMs);
}

/**
 * Returns whole rounds of restarts. The last one ends with a stop, so that product and server start their long life
 * together.
 */
function roughPart(totalMs: number): Incident[] {
  const share = totalMs >= 15 * 60_000 ? 0.4 : 0.6;
  const rounds = Math.max(1, Math.round((share * totalMs) / (12 * 60_000)));
  const stepMs = (share * totalMs) / (3 * rounds);
  return Array.from({ length: rounds }, (_, round): Incident[] => {
    const atMs = (step: number) => (3 * round + step) * stepMs;
    return [
      ...[1, 2, 3].map((step) => ({ atMs: atMs(step) - stormEarlierMs, ...storm })),
      { atMs: atMs(1), kind: 'product', signal: 'SIGKILL' },
      { atMs: atMs(2), kind: 'temporal' },
      { atMs: atMs(3), kind: 'product', signal: 'SIGTERM' },
    ];
  }).flat();
}

function gatewayFailures(totalMs: number): Incident[] {
  const everyMs = Math.min(Math.max(totalMs / 15, 18_000), 4 * 60_000);
  return Array.from({ length: Math.floor(totalMs / everyMs) }, (_, index): Incident[] => {
    const { share, ...failure } = failures[index % failures.length] as (typeof failures)[number];
    const atMs = (index + 0.5) * everyMs;
    const untilMs = atMs + Math.max(1_000, share * everyMs);
    return [
      ...(index % 2 === 1 ? [{ atMs: atMs - stormEarlierMs, ...storm }] : []),
      { kind: 'gateway', atMs, untilMs, ...failure },
      { kind: 'release', atMs: atMs + 0.4 * everyMs },
    ];
  }).flat();
}

/** Begins loops about every 15 minutes, and resumes them up to 4 minutes later, when Answerback is silent. */
function loopsOf(totalMs: number): Incident[] {
  const rounds = Math.max(1, Math.round(totalMs / (15 * 60_000)));
  const everyMs = totalMs / rounds;
  return Array.from({ length: rounds }, (_, round): Incident[] => {
    const atMs = (round + 0.04) * everyMs;
    return [
      { atMs, ...loops },
      { atMs: atMs + Math.min(0.45 * everyMs, 4 * 60_000), kind: 'resume' },
    ];
  }).flat();
}
