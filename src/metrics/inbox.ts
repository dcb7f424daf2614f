import { Gauge, type Registry } from 'prom-client';

/** What is told of the inbox. */
interface Inbox {
  status(): { depth: number; stuck: number; oldestAtMs: number | null; quarantined: number };
  /** Undefined while it is not known. */
  freeBytes(): number | undefined;
}

/** Gauges of the inbox; asking it costs it nothing, since it knows these from its last commit. */
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
  gauge('inbox_depth', 'Messages that are accepted and that Temporal does not have yet, stuck ones included.', () => inbox.status().depth);
  gauge('inbox_oldest_seconds', 'Age of the oldest of them that is not stuck, since it was accepted; 0 when there is none.', () => ageSeconds(inbox.status().oldestAtMs));
  gauge('inbox_stuck', 'Messages that are set aside: Temporal refuses them, or they cannot be read for want of a key.', () => inbox.status().stuck);
  gauge('inbox_quarantined', 'Entries of the quarantine: what was never accepted.', () => inbox.status().quarantined);
  gauge('disk_free_bytes', 'Free space on the disk of DATA_DIR; absent when the disk does not say.', () => inbox.freeBytes());
}

const ageSeconds = (atMs: number | null) => (atMs === null ? 0 : Math.max(0, Date.now() - atMs) / 1_000);
