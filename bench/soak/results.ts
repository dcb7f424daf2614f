import type { Check } from './checks.js';
import type { Event } from './incidents.js';
import type { SoakRun } from './report.js';
import type { Measured } from './verdict.js';

/** So many samples are kept. */
const mostSamples = 240;

/** The run as JSON: every so-manieth sample, numbers without the digits that say nothing. */
export function soakResults({ run, measured, events, checks }: { run: SoakRun; measured: Measured; events: readonly Event[]; checks: readonly Check[] }): string {
  const every = Math.max(1, Math.ceil(measured.samples.length / mostSamples));
  const samples = measured.samples.filter((_, index) => index % every === 0);
  const { windows, ledger, redelivered } = measured;
  const rounded = (_name: string, value: unknown) => (typeof value === 'number' ? Number(value.toPrecision(6)) : value);
  const lines = (values: readonly unknown[]) => values.map((value) => `    ${JSON.stringify(value, rounded)}`).join(',\n');
  return `{
  "run": ${JSON.stringify(run, rounded)},
  "ledger": ${JSON.stringify(ledger)},
  "redelivered": ${JSON.stringify(redelivered)},
  "checks": [\n${lines(checks)}\n  ],
  "events": [\n${lines(events)}\n  ],
  "windows": [\n${lines(windows)}\n  ],
  "samples": [\n${lines(samples)}\n  ]
}\n`;
}
