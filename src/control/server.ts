import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { z } from 'zod';
import { createBodyPool, readBody } from '../http/body.js';
import { parseJson } from '../http/json.js';
import { createProblemApp, ProblemError } from '../http/problem.js';
import type { Log } from '../log.js';
import { controlSocket, type ErasedInInbox } from './control.js';

export interface ControlSettings {
  dataDir: string;
  erase: (number: string) => Promise<ErasedInInbox>;
  log: Log;
}

const erasure = z.object({ number: z.string().min(1).max(64) });

/** Listens on the socket of a data folder, which the caller holds, for commands of this user. */
export async function startControl({ dataDir, erase, log }: ControlSettings): Promise<{ close(): Promise<void> }> {
  const unavailable = (why: string) => {
    log.warn({ event: 'control.unavailable' }, `${why}: npm run erase cannot reach this inbox`);
    return { close: async () => {} };
  };
  const socket = controlSocket(dataDir);
  if (socket === undefined) return unavailable('The path of DATA_DIR is too long for a socket');
  const app = createProblemApp(log);
  const pool = createBodyPool();
  app.use(async (ctx) => {
    if (ctx.path !== '/erasures' || ctx.method !== 'POST') throw new ProblemError('not-found', { detail: 'There is only POST /erasures.' });
    const asked = erasure.safeParse(parseJson(await readBody(ctx.req, { pool })));
    if (!asked.success) throw new ProblemError('invalid-body', { detail: 'A number has 1 to 64 characters.' });
    ctx.body = await erase(asked.data.number);
  });
  const handle = app.callback();
  const server = createServer((request, response) => void handle(request, response));
  // Left by one that was killed.
  await rm(socket, { force: true });
  server.listen(socket);
  try {
    await once(server, 'listening');
  } catch (error) {
    return unavailable(`DATA_DIR takes no socket (${(error as NodeJS.ErrnoException).code})`);
  }
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
