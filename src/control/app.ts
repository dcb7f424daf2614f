import { z } from 'zod';
import { createBodyPool, readBody } from '../http/body.js';
import { parseJson } from '../http/json.js';
import { createProblemApp, ProblemError } from '../http/problem.js';
import type { Log } from '../log/log.js';
import type { ErasedInInbox } from './control.js';
import type { DrainAdmin } from './drain.js';
import { corrections, type QuarantineAdmin } from './quarantine.js';
import type { StuckAdmin } from './stuck.js';

export interface ControlAppOptions {
  erase: (number: string) => Promise<ErasedInInbox>;
  quarantine: QuarantineAdmin;
  drain: DrainAdmin;
  stuck: StuckAdmin;
  log: Log;
}

const erasure = z.object({ number: z.string().min(1).max(64) });

/** Creates the app that serves the commands erase, quarantine, drain and retry-stuck. */
export function createControlApp({ erase, quarantine, drain, stuck, log }: ControlAppOptions) {
  const app = createProblemApp(log);
  const pool = createBodyPool();
  app.use(async (ctx) => {
    const bodyAs = async <Body>(schema: z.ZodType<Body>, detail: string): Promise<Body> => {
      const parsed = schema.safeParse(parseJson(await readBody(ctx.req, { pool })));
      if (!parsed.success) throw new ProblemError('invalid-body', { detail });
      return parsed.data;
    };
    const entry = /^\/quarantine\/(\d{1,15})(\/requeue)?$/.exec(ctx.path);
    const id = Number(entry?.[1]);
    switch (`${ctx.method} ${entry ? `/quarantine/ID${entry[2] ?? ''}` : ctx.path}`) {
      case 'POST /erasures':
        ctx.body = await erase((await bodyAs(erasure, 'The number must have 1 to 64 characters.')).number);
        return;
      case 'GET /quarantine':
        ctx.body = await quarantine.list(Number(ctx.query['after'] ?? 0));
        return;
      case 'GET /quarantine/ID':
        ctx.body = (await quarantine.show(id)) ?? noEntry(id);
        return;
      case 'POST /quarantine/ID/requeue':
        ctx.body =
          (await quarantine.requeue(id, await bodyAs(corrections, 'Only guid, number and message can be set.'))) ??
          noEntry(id);
        return;
      case 'GET /stuck':
        ctx.body = await stuck.list(Number(ctx.query['after'] ?? 0));
        return;
      case 'POST /stuck/retry':
        await stuck.retry();
        ctx.body = {};
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
  return app;
}

function noEntry(id: number): never {
  throw new ProblemError('not-found', {
    detail: `The quarantine has no entry ${id}: list the entries with "answerback quarantine list"`,
  });
}
