import { describe, expect, it } from 'vitest';
import { schedule } from '../../bench/soak/schedule.js';

const minute = 60_000;

describe('the schedule of a soak', () => {
  it.each([1.5, 5, 60])(
    'stops and kills the product, kills Temporal and has the gateway fail in a run of %d minutes, in order and in time',
    (minutes) => {
      const incidents = schedule(minutes);
      expect(
        new Set(incidents.map((incident) => (incident.kind === 'product' ? incident.signal : incident.kind))),
      ).toEqual(new Set(['SIGTERM', 'SIGKILL', 'temporal', 'gateway', 'release']));
      expect(incidents.map(({ atMs }) => atMs)).toEqual(incidents.map(({ atMs }) => atMs).sort((a, b) => a - b));
      expect(incidents.at(-1)?.atMs).toBeLessThan(minutes * minute);
    },
  );

  it('leaves the product of an hour alone for its last half hour', () => {
    const last = schedule(60).findLast(({ kind }) => kind === 'product' || kind === 'temporal');
    expect(last?.atMs).toBeLessThanOrEqual(30 * minute);
    expect(last).toMatchObject({ kind: 'product', signal: 'SIGTERM' });
  });

  it('lets no failure of the gateway begin before the last one has ended', () => {
    const failures = schedule(60).filter((incident) => incident.kind === 'gateway');
    failures.forEach(({ untilMs }, index) => expect(untilMs).toBeLessThan(failures[index + 1]?.atMs ?? Infinity));
  });
});
