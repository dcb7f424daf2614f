import type { ActivitySlotInfo, CustomSlotSupplier, SlotPermit } from '@temporalio/worker';

/**
 * Gives a slot to each poll for an activity, and to the activity that it brings. `close` ends the polling before the
 * worker is shut down: after a shutdown began, the SDK ends with the first poll that returns nothing, and drops what
 * the server gives to the others (sdk-core, `TaskPollerStream`). A dropped send would be uncertain.
 */
export class PollSlots implements CustomSlotSupplier<ActivitySlotInfo> {
  readonly type = 'custom';
  readonly #max: number;
  #taken = 0;
  /** Slots whose poll has brought nothing so far. */
  #open = 0;
  readonly #waiting = new Set<() => void>();
  #close: (() => void) | undefined;

  /** @param max of polls and activities together */
  constructor(max: number) {
    this.#max = max;
  }

  reserveSlot(_context: unknown, aborted: AbortSignal): Promise<SlotPermit> {
    return new Promise((resolve, reject) => {
      const take = () => {
        this.#taken += 1;
        this.#open += 1;
        this.#waiting.delete(take);
        resolve({});
      };
      this.#waiting.add(take);
      aborted.addEventListener('abort', () => {
        this.#waiting.delete(take);
        reject(aborted.reason as Error);
      });
      this.#handOut();
    });
  }

  /** For eager activities only, which no worker has. */
  tryReserveSlot(): null {
    return null;
  }

  markSlotUsed(): void {
    this.#openEnded();
  }

  releaseSlot({ slotInfo }: { slotInfo?: ActivitySlotInfo }): void {
    this.#taken -= 1;
    if (!slotInfo) this.#openEnded();
    this.#handOut();
  }

  /** Lets no new poll begin, and resolves once those at the server have ended. What they bring runs as usual. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#close = resolve;
      if (this.#open === 0) resolve();
    });
  }

  #openEnded(): void {
    this.#open -= 1;
    if (this.#open === 0) this.#close?.();
  }

  #handOut(): void {
    if (this.#close) return;
    for (const take of this.#waiting) if (this.#taken < this.#max) take();
  }
}
