import { statSync } from 'node:fs';
import type { LoadClient } from '../client/client.js';
import { nowhere, startApi } from '../servers/answerback.js';

const messagesPerRequest = 1_000;

/** Posts this many messages to an api whose Temporal server can't be reached, then kills the api. */
export async function fillBacklog(client: LoadClient, folder: string, messages: number) {
  const { port, program } = await startApi(folder, { temporalAddress: nowhere });
  // The load generator also posts one request before it measures.
  const requests = Math.max(1, Math.ceil(messages / messagesPerRequest) - 1);
  const { failures, messagesPerSecond } = await client.measure(port, {
    kind: 'sequential',
    requests,
    pauseMs: 0,
    messagesPerRequest,
  });
  if (failures > 0) throw new Error(`${failures} of ${requests} posts were not answered 200: see ${program.logFile}`);
  await program.stop('SIGKILL');
  return { messages: (requests + 1) * messagesPerRequest, messagesPerSecond, inboxBytes: inboxBytes(folder) };
}

function inboxBytes(folder: string): number {
  const size = (file: string) => statSync(`${folder}/data/${file}`, { throwIfNoEntry: false })?.size ?? 0;
  return size('inbox.sqlite') + size('inbox.sqlite-wal');
}
