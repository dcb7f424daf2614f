import type { LoadClient } from '../client/client.js';
import type { Scope } from '../scope.js';
import { startWhole } from '../servers/answerback.js';
import { startBareKoa, startOriginal } from '../servers/baselines.js';
import { endLeftOverServer } from '../servers/folder.js';
import { repliesOf } from '../servers/replies.js';
import type { PlainSettings } from './plain.js';
import type { Results } from './results.js';
import { oneProcessScenario } from './scenarios.js';

/** What `npm start` runs, with workflows for every message going on in the same process, at a pace it keeps up with. */
export async function measureOneProcess(scope: Scope, client: LoadClient, results: Results, { quick, rounds, python }: PlainSettings): Promise<void> {
  const whole = await startWhole(`${scope.folder}/whole`);
  scope.onEnd(() => endLeftOverServer(whole.dataDir));
  const koa = await startBareKoa(scope.folder);
  const original = python ? await startOriginal(scope.folder, python) : undefined;
  const scenario = oneProcessScenario(quick);
  await client.measure(whole.port, { kind: 'paced', perSecond: 20, seconds: 3, messagesPerRequest: 1 });
  for (let round = 1; round <= rounds; round++) {
    console.log(`Everything in one process, round ${round} of ${rounds} …`);
    results.add(scenario, 'answerback', await client.measure(whole.port, scenario.load));
    const shorter = { kind: 'paced', perSecond: 20, seconds: 4, messagesPerRequest: 1 } as const;
    results.add(scenario, 'bareKoa', await client.measure(koa.port, shorter));
    if (original) results.add(scenario, 'original', await client.measure(original.port, shorter));
  }
  console.log(`${(await repliesOf(whole.gatewayUrl)).count} replies had arrived at the gateway by then.`);
  for (const { program } of [whole, koa, ...(original ? [original] : [])]) await program.stop();
}
