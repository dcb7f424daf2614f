import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { z } from 'zod';
import { createBodyPool, readBody } from '../http/body.js';
import { parseJson } from '../http/json.js';
import { createProblemApp, ProblemError } from '../http/problem.js';
import type { Log } from '../log.js';
import { controlSocket, type ErasedInInbox } from './control.js';
import type { DrainDesk } from './drain.js';
import { mending, type QuarantineDesk } from './quarantine.js';

export interface ControlSettings {
  dataDir: string;
  erase: (number: string) => Promise<ErasedInInbox>;
  quarantine: QuarantineDesk;
  drain: DrainDesk;
  log: Log;
}

const erasure = z.object({ number: z.string().min(1).max(64) });

/** Listens on the socket of a data folder, which the caller holds, for commands of this user. */
export async function startControl({ dataDir, erase, quarantine, drain, log }: ControlSettings): Promise<{ close(): Promise<void> }> {
  const unavailable = (why: string) => {
    log.warn({ event: 'control.unavailable' }, `${why}: answerback erase, quarantine and drain cannot reach this inbox`);
    return { close: async () => {} };
  };
  const socket = controlSocket(dataDir);
  if (socket === undefined) return unavailable('The path of DATA_DIR is too long for a socket');
  const app = createProblemApp(log);
  const pool = createBodyPool();
  app.use(async (ctx) => {
    const bodyAs = async <Body>(schema: z.ZodType<Body>, detail: string): Promise<Body> => {
      const asked = schema.safeParse(parseJson(await readBody(ctx.req, { pool })));
      if (!asked.success) throw new ProblemError('invalid-body', { detail });
      return asked.data;
    };
    const entry = /^\/quarantine\/(\d{1,15})(\/requeue)?$/.exec(ctx.path);
    const id = Number(entry?.[1]);
    switch (`${ctx.method} ${entry ? `/quarantine/ID${entry[2] ?? ''}` : ctx.path}`) {
      case 'POST /erasures':
        ctx.body = await erase((await bodyAs(erasure, 'A number has 1 to 64 characters.')).number);
        return;
      case 'GET /quarantine':
        ctx.body = { entries: await quarantine.list(Number(ctx.query['after'] ?? 0)) };
        return;
      case 'GET /quarantine/ID':
        ctx.body = (await quarantine.show(id)) ?? noEntry(id);
        return;
      case 'POST /quarantine/ID/requeue':
        ctx.body = (await quarantine.requeue(id, await bodyAs(mending, 'Only guid, number and message can be set.'))) ?? noEntry(id);
        return;
      case 'POST /drain':
        drain.begin();
        ctx.body = drain.state();
        return;
      case 'DELETE /drain':
        drain.end();
        ctx.body = drain.state();
        return;
      case 'GET /drain':
        ctx.body = drain.state();
        return;
      default:
        throw new ProblemError('not-found');
    }
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

function noEntry(id: number): never {
  throw new ProblemError('not-found', { detail: `The quarantine has no entry ${id}: "answerback quarantine list" lists it` });
}
