import type { LoadClient } from '../client/client.js';
import type { Load } from '../client/load.js';
import type { Scope } from '../scope.js';
import { nowhere, type Served, startApi } from '../servers/answerback.js';
import { startFloor, startOriginal } from '../servers/baselines.js';
import { threadTimesOf, usedTime } from '../servers/thread-times.js';
import type { Results, Round } from './results.js';
import { ackScenarios, type Subject } from './scenarios.js';

export interface AckOptions {
  quick: boolean;
  rounds: number;
  /** The path of Python in the venv; absent: the original design isn't measured. */
  python: string | undefined;
}

const signingSecret = 'signing-secret-of-the-benchmark';
const sealing = { WEBHOOK_SIGNING_SECRET: signingSecret, PAYLOAD_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64')}` };

/**
 * Measures the product and its baselines in turn, and then the product with and without signatures and encryption. No
 * Temporal server runs, so all accepted messages stay in the inboxes.
 */
export async function measureAck(scope: Scope, client: LoadClient, results: Results, options: AckOptions) {
  const { python } = options;
  const api = (name: string, settings = {}) =>
    startApi(`${scope.folder}/${name}`, { temporalAddress: nowhere, settings });
  const compare = async (subjects: Array<[Subject, Served]>, secret?: string) => {
    await measureInTurn(client, results, subjects, secret, options);
    for (const [, { program }] of subjects) await program.stop();
  };
  await compare([
    ['answerback', await api('answerback')],
    ['floor', await startFloor(scope.folder)],
    ...(python ? [['original', await startOriginal(scope.folder, python)] as [Subject, Served]] : []),
  ]);
  const sealed: Array<[Subject, Served]> = [
    ['plain', await api('plain')],
    ['sealed', await api('sealed', sealing)],
  ];
  await compare(sealed, signingSecret);
}

async function measureInTurn(
  client: LoadClient,
  results: Results,
  subjects: Array<[Subject, Served]>,
  secret: string | undefined,
  { quick, rounds }: AckOptions,
): Promise<void> {
  const signed = <L extends Load>(load: L): L => (secret === undefined ? load : { ...load, signingSecret: secret });
  for (const [, { port }] of subjects) for (const load of warmUps) await client.measure(port, signed(load));
  for (let round = 1; round <= rounds; round++) {
    console.log(`${subjects.map(([subject]) => subject).join(', ')}: round ${round} of ${rounds} …`);
    for (const scenario of ackScenarios(quick)) {
      // The order changes in each round, so that none always goes first.
      for (const [subject, served] of round % 2 === 0 ? subjects.toReversed() : subjects)
        results.add(scenario, subject, await measureOnce(client, served, signed(scenario.load)));
    }
  }
}

/** Without them the compilers would slow down the first round. */
export const warmUps: readonly Load[] = [
  { kind: 'steady', connections: 100, seconds: 1, messagesPerRequest: 1 },
  { kind: 'sequential', requests: 20, pauseMs: 5, messagesPerRequest: 100 },
];

async function measureOnce(client: LoadClient, { port, program: { pid } }: Served, load: Load): Promise<Round> {
  const before = threadTimesOf(pid);
  const measurement = await client.measure(port, load);
  const { main, busiest, others } = usedTime(pid, before, threadTimesOf(pid));
  const each = 1_000 / (measurement.requests * load.messagesPerRequest);
  return { ...measurement, processor: { main: main * each, busiest: busiest * each, others: others * each } };
}
