import { Counter, Gauge, type Registry } from 'prom-client';

/** The part of the inbox that the gauges read. */
interface Inbox {
  status(): { depth: number; stuck: number; oldestAtMs: number | null; quarantined: number; evicted: number };
  /** Undefined while the value is unknown. */
  freeBytes(): number | undefined;
}

/** Adds the metrics of the inbox. A scrape costs the inbox nothing: the values come from its last commit. */
export function exportInbox(registry: Registry, inbox: Inbox): void {
  const gauge = (name: string, help: string, value: () => number | undefined) =>
    new Gauge({
      name: `answerback_${name}`,
      help,
      registers: [registry],
      collect() {
        const now = value();
        if (now === undefined) this.remove();
        else this.set(now);
      },
    });
  const oldestSeconds = createAgeSeconds();
  gauge(
    'inbox_depth',
    'Accepted messages that Temporal does not have yet, stuck ones included.',
    () => inbox.status().depth,
  );
  gauge(
    'inbox_oldest_seconds',
    'Seconds since the oldest waiting message was accepted, stuck ones left out; 0 when none waits.',
    () => oldestSeconds(inbox.status().oldestAtMs),
  );
  gauge(
    'inbox_stuck',
    'Stuck messages: Temporal refuses them, or PAYLOAD_KEYS lacks the key to read them.',
    () => inbox.status().stuck,
  );
  gauge(
    'inbox_quarantined',
    'Entries in the quarantine: posts and messages that were never accepted.',
    () => inbox.status().quarantined,
  );
  new Counter({
    name: 'answerback_quarantine_evicted_total',
    help: 'Entries that were removed from the quarantine to make room, or because they were too old.',
    registers: [registry],
    collect() {
      this.reset();
      this.inc(inbox.status().evicted);
    },
  });
  gauge('disk_free_bytes', 'Free bytes on the disk of DATA_DIR; absent while unknown.', () => inbox.freeBytes());
}

/**
 * Creates the function that tells the age of a time, in seconds. It grows from the first call with that time on, also
 * when the time lies ahead: the clock may have been set back since.
 */
function createAgeSeconds(): (atMs: number | null) => number {
  let first: { atMs: number; calledAtMs: number } | undefined;
  return (atMs) => {
    if (atMs === null) return 0;
    if (first?.atMs !== atMs) first = { atMs, calledAtMs: performance.now() };
    return Math.max(Date.now() - atMs, performance.now() - first.calledAtMs) / 1_000;
  };
}
