import { quantile } from '../report/statistics.js';
import type { Measurement } from './load.js';

/** Collects the times of one load. */
export function createRecorder() {
  const times: number[] = [];
  let failures = 0;
  const startedAt = performance.now();
  return {
    add(sentAt: number, status: number) {
      times.push(performance.now() - sentAt);
      if (status !== 200) failures++;
    },
    result(messagesPerRequest: number): Measurement {
      const seconds = (performance.now() - startedAt) / 1_000;
      return {
        p50: quantile(times, 0.5),
        p99: quantile(times, 0.99),
        max: quantile(times, 1),
        requests: times.length,
        failures,
        messagesPerSecond: ((times.length - failures) * messagesPerRequest) / seconds,
      };
    },
  };
}

export type Recorder = ReturnType<typeof createRecorder>;
