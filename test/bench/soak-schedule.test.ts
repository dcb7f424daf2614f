import { describe, expect, it } from 'vitest';
import { schedule } from '../../bench/soak/schedule.js';

const minute = 60_000;

describe('the schedule of a soak', () => {
  it.each([1.5, 5, 60])(
    'has every kind of incident, storm and loop in a run of %d minutes, in order and in time',
    (minutes) => {
      const incidents = schedule(minutes);
      expect(
        new Set(incidents.map((incident) => (incident.kind === 'product' ? incident.signal : incident.kind))),
      ).toEqual(new Set(['SIGTERM', 'SIGKILL', 'temporal', 'gateway', 'release', 'storm', 'loops', 'resume']));
      expect(incidents.map(({ atMs }) => atMs)).toEqual(incidents.map(({ atMs }) => atMs).sort((a, b) => a - b));
      expect(incidents.at(-1)?.atMs).toBeLessThan(minutes * minute);
    },
  );

  it.each([1.5, 60])('begins a storm within 2 s before each restart of a run of %d minutes', (minutes) => {
    const incidents = schedule(minutes);
    const storms = incidents.flatMap(({ kind, atMs }) => (kind === 'storm' ? [atMs] : []));
    for (const { kind, atMs } of incidents)
      if (kind === 'product' || kind === 'temporal')
        expect(storms.some((at) => at < atMs && at > atMs - 2_000)).toBe(true);
  });

  it.each([1.5, 60])('resumes loops only once they were paused for 10 s, in a run of %d minutes', (minutes) => {
    const turns = schedule(minutes).filter(({ kind }) => kind === 'loops' || kind === 'resume');
    expect(turns.map(({ kind }) => kind)).toEqual(turns.map((_, index) => (index % 2 === 0 ? 'loops' : 'resume')));
    for (let index = 1; index < turns.length; index += 2)
      expect((turns[index]?.atMs ?? 0) - (turns[index - 1]?.atMs ?? 0)).toBeGreaterThan(30_000);
  });

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
