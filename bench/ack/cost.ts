import type { LoadClient } from '../client/client.js';
import type { Scope } from '../scope.js';
import { type Served, startApi } from '../servers/answerback.js';
import { nowhere, warmUp } from './plain.js';
import type { Results } from './results.js';
import { plainScenarios, type Subject } from './scenarios.js';

const signingSecret = 'signing-secret-of-the-benchmark';

/** Answerback as it is, and with signature and encryption on; both get the same signed requests, in turn. */
export async function measureCost(scope: Scope, client: LoadClient, results: Results, { quick, rounds }: { quick: boolean; rounds: number }): Promise<void> {
  const settings = { WEBHOOK_SIGNING_SECRET: signingSecret, PAYLOAD_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64')}` };
  const subjects: Array<[Subject, Served]> = [
    ['answerback', await startApi(`${scope.folder}/cost-off`, { temporalAddress: nowhere })],
    ['sealed', await startApi(`${scope.folder}/cost-on`, { temporalAddress: nowhere, settings })],
  ];
  const scenarios = plainScenarios(quick).filter(({ load }) => 'newConnections' in load && !load.newConnections);
  for (const [, { port }] of subjects) await warmUp(client, port, signingSecret);
  for (let round = 1; round <= rounds; round++) {
    console.log(`The cost of signature and encryption, round ${round} of ${rounds} …`);
    for (const scenario of scenarios) {
      // Each goes first in every other round.
      for (const [subject, { port }] of round % 2 === 0 ? [...subjects].reverse() : subjects) {
        results.add(scenario, subject, await client.measure(port, { ...scenario.load, signingSecret }));
      }
    }
  }
  for (const [, { program }] of subjects) await program.stop();
}
