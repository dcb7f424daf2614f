import { LRUCache } from 'lru-cache';
import { messageKey } from './message-hash.js';
import type { StartWorkflow } from './start-workflow.js';

/** Gateways post again what they think was not accepted, within minutes. */
const rememberedMs = 600_000;
const maxRemembered = 20_000;

export interface RecentStarts {
  /** Starts a workflow, unless one for the same message was started lately: then Temporal isn't asked. */
  startWorkflow: StartWorkflow;
  /** Forgets all messages. */
  clear(): void;
}

/** Remembers what was started lately. */
export function createRecentStarts(startWorkflow: StartWorkflow): RecentStarts {
  const recent = new LRUCache<string, true>({ max: maxRemembered, ttl: rememberedMs });
  return {
    async startWorkflow(message) {
      const key = messageKey(message);
      if (recent.has(key)) return 'duplicate';
      const outcome = await startWorkflow(message);
      recent.set(key, true);
      return outcome;
    },
    clear: () => recent.clear(),
  };
}
