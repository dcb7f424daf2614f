import { measureFdatasync } from '../baselines/fdatasync.js';
import type { LoadClient } from '../client/client.js';
import type { Scope } from '../scope.js';
import { type Served, startApi } from '../servers/answerback.js';
import { startBareKoa, startOriginal } from '../servers/baselines.js';
import type { Results } from './results.js';
import { plainScenarios, type Subject } from './scenarios.js';

/** Nothing listens there: each attempt to connect is refused at once, and the forwarder makes one every 5 s. */
export const nowhere = '127.0.0.1:9';

export interface PlainSettings {
  quick: boolean;
  rounds: number;
  /** Of the venv; absent: without the original design. */
  python: string | undefined;
}

/** The acknowledgement alone, product and baselines in turn; what is accepted stays in the inbox, where nothing takes it out. */
export async function measurePlain(scope: Scope, client: LoadClient, results: Results, { quick, rounds, python }: PlainSettings): Promise<void> {
  const subjects: Array<[Subject, Served]> = [
    ['answerback', await startApi(`${scope.folder}/plain`, { temporalAddress: nowhere })],
    ['bareKoa', await startBareKoa(scope.folder)],
    ...(python ? ([['original', await startOriginal(scope.folder, python)]] as Array<[Subject, Served]>) : []),
  ];
  const scenarios = plainScenarios(quick);
  for (const [, { port }] of subjects) await warmUp(client, port);
  for (let round = 1; round <= rounds; round++) {
    console.log(`Acknowledgement, round ${round} of ${rounds} …`);
    for (const scenario of scenarios) {
      const { load } = scenario;
      for (const [subject, { port }] of subjects) results.add(scenario, subject, await client.measure(port, load));
      if (load.kind === 'sequential' && !load.newConnections) {
        results.add(scenario, 'fdatasync', measureFdatasync(scope.folder, { appends: load.requests, messages: load.messagesPerRequest }));
      }
    }
  }
  for (const [, { program }] of subjects) await program.stop();
}

/** So that the first round does not pay for compilers. */
export async function warmUp(client: LoadClient, port: number, signingSecret?: string): Promise<void> {
  const signed = signingSecret === undefined ? {} : { signingSecret };
  await client.measure(port, { kind: 'steady', connections: 100, seconds: 1, messagesPerRequest: 1, ...signed });
  await client.measure(port, { kind: 'sequential', requests: 20, pauseMs: 5, messagesPerRequest: 100, newConnections: false, ...signed });
}
