/** What was started, to be stopped in the opposite order. */
export interface Stops {
  add: (stop: () => unknown) => void;
  /** Stops everything, also after a failure, and reports the failures together. */
  run: () => Promise<void>;
}

export function createStops(): Stops {
  const stops: Array<() => unknown> = [];
  return {
    add: (stop) => void stops.push(stop),
    async run() {
      const failures: unknown[] = [];
      for (const stop of stops.splice(0).reverse()) {
        try {
          await stop();
        } catch (error) {
          failures.push(error);
        }
      }
      if (failures.length > 0) throw new AggregateError(failures, failures.map(String).join('\n'));
    },
  };
}
