import Koa from 'koa';
import { z } from 'zod';
import { bearer } from '../api/bearer.js';
import { readBody } from '../api/body.js';
import { parseJson } from '../api/json.js';
import { ProblemError, problems } from '../api/problem.js';
import { listen } from '../api/server.js';
import type { Log } from '../log.js';
import { type Erased, newToken, removeRecord, writeRecord } from './control.js';

export interface ControlSettings {
  dataDir: string;
  erase: (number: string) => Promise<Erased>;
  log: Log;
}

const erasure = z.object({ number: z.string().min(1).max(64) });

/** Listens on a free port of loopback for commands of this user, and writes down where. */
export async function startControl({ dataDir, erase, log }: ControlSettings): Promise<{ close(): Promise<void> }> {
  const token = newToken();
  const app = new Koa();
  app.use(problems(log));
  app.use(bearer(token));
  app.use(async (ctx) => {
    if (ctx.path !== '/erasures' || ctx.method !== 'POST') throw new ProblemError('not-found', 'There is only POST /erasures.');
    const asked = erasure.safeParse(parseJson(await readBody(ctx.req)));
    if (!asked.success) throw new ProblemError('invalid-messages', 'A number has 1 to 64 characters.');
    ctx.body = await erase(asked.data.number);
  });
  const server = await listen(app, { port: 0, host: '127.0.0.1' });
  await writeRecord(dataDir, { port: server.port, token });
  return {
    async close() {
      await removeRecord(dataDir);
      await server.close();
    },
  };
}
