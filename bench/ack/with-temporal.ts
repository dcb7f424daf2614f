import Database from 'better-sqlite3';
import type { LoadClient } from '../client/client.js';
import type { Scope } from '../scope.js';
import { startApi } from '../servers/answerback.js';
import { startTemporal } from '../servers/temporal.js';
import type { Results } from './results.js';
import { backlogMessages, backlogScenarios, directScenarios } from './scenarios.js';

const nowhere = '127.0.0.1:9';

/** The acknowledgement while a backlog goes to a real Temporal server, and the design that waits for that server. */
export async function measureWithTemporal(scope: Scope, client: LoadClient, results: Results, quick: boolean): Promise<{ backlogLeft: number }> {
  const folder = `${scope.folder}/backlog`;
  await fillBacklog(folder, client);
  const temporal = await startTemporal(`${scope.folder}/temporal`);
  try {
    console.log('Direct workflow starts …');
    await measureDirectStarts(scope.folder, temporal.address, client, results, quick ? 1 : 3);
    console.log(`Acknowledgement while ${backlogMessages} messages are forwarded …`);
    return { backlogLeft: await measureBacklog(folder, temporal.address, client, results, quick) };
  } finally {
    await temporal.stop();
  }
}

async function fillBacklog(folder: string, client: LoadClient): Promise<void> {
  const { port, program } = await startApi(folder, { temporalAddress: nowhere });
  await client.measure(port, { kind: 'sequential', requests: backlogMessages / 100 - 1, pauseMs: 0, messagesPerRequest: 100, newConnections: false });
  await program.stop();
}

async function measureDirectStarts(folder: string, temporalAddress: string, client: LoadClient, results: Results, rounds: number): Promise<void> {
  const { port, program } = await startApi(`${folder}/direct`, { temporalAddress, ackAfter: 'temporal' });
  for (let round = 0; round < rounds; round++) {
    for (const scenario of directScenarios()) results.add(scenario, 'directStarts', await client.measure(port, scenario.load));
  }
  await program.stop();
}

/** Returns how much of the backlog was left at the end: above 0 it lasted all along. */
async function measureBacklog(folder: string, temporalAddress: string, client: LoadClient, results: Results, quick: boolean): Promise<number> {
  const { port, program } = await startApi(folder, { temporalAddress });
  await client.measure(port, { kind: 'sequential', requests: 100, pauseMs: 0, messagesPerRequest: 1, newConnections: false });
  for (let round = 0; round < (quick ? 1 : 3); round++) {
    for (const scenario of backlogScenarios(quick)) results.add(scenario, 'answerback', await client.measure(port, scenario.load));
  }
  const left = pendingMessages(`${folder}/data`);
  // Its stop would forward for 10 s more.
  await program.stop('SIGKILL');
  return left;
}

function pendingMessages(dataDir: string): number {
  const db = new Database(`${dataDir}/inbox.sqlite`, { readonly: true });
  const count = db.prepare('SELECT count(*) FROM pending').pluck().get() as number;
  db.close();
  return count;
}
