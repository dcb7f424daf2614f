import type { Check } from './checks.js';
import type { Event } from './incidents.js';
import type { SoakRun } from './report.js';
import type { Measured } from './verdict.js';

/** The maximum number of samples in the file. */
const maxSamples = 240;

/** Returns the run as JSON, with at most 240 samples and numbers rounded to six digits. */
export function soakResults({
  run,
  measured,
  events,
  checks,
}: {
  run: SoakRun;
  measured: Measured;
  events: readonly Event[];
  checks: readonly Check[];
}): string {
  const every = Math.max(1, Math.ceil(measured.samples.length / maxSamples));
  const samples = measured.samples.filter((_, index) => index % every === 0);
  const { windows, ledger, conversations, postedAgain } = measured;
  const rounded = (_name: string, value: unknown) => (typeof value === 'number' ? Number(value.toPrecision(6)) : value);
  const lines = (values: readonly unknown[]) =>
    values.map((value) => `    ${JSON.stringify(value, rounded)}`).join(',\n');
  return `{
  "run": ${JSON.stringify(run, rounded)},
  "ledger": ${JSON.stringify(ledger)},
  "conversations": ${JSON.stringify(conversations, rounded)},
  "postedAgain": ${JSON.stringify(postedAgain)},
  "checks": [\n${lines(checks)}\n  ],
  "events": [\n${lines(events)}\n  ],
  "windows": [\n${lines(windows)}\n  ],
  "samples": [\n${lines(samples)}\n  ]
}\n`;
}
