import type { LoadClient } from '../client/client.js';
import type { Load } from '../client/load.js';
import { median } from '../report/statistics.js';

const load: Load = { kind: 'sequential', requests: 500, pauseMs: 0, messagesPerRequest: 1 };

export interface ComparedAcknowledgement {
  /** Medians over the rounds, in milliseconds. */
  backlogMs: number;
  emptyMs: number;
  /** The median of the ratios of the rounds. */
  ratio: number;
}

/** Compares the p50 of an acknowledgement of two apis, one with the backlog and one with an empty inbox, in turn. */
export async function compareAcknowledgement(
  client: LoadClient,
  ports: { backlog: number; empty: number },
  rounds = 7,
): Promise<ComparedAcknowledgement> {
  const p50 = async (port: number) => (await client.measure(port, load)).p50;
  await p50(ports.backlog);
  await p50(ports.empty);
  const [backlog, empty]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    if (round % 2 === 0) backlog.push(await p50(ports.backlog));
    empty.push(await p50(ports.empty));
    if (round % 2 === 1) backlog.push(await p50(ports.backlog));
  }
  return {
    backlogMs: median(backlog),
    emptyMs: median(empty),
    ratio: median(backlog.map((ms, round) => ms / (empty[round] ?? NaN))),
  };
}
