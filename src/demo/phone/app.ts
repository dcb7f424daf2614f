import type Koa from 'koa';
import type { Context } from 'koa';
import { z } from 'zod';
import { createBodyPool, readBody } from '../../http/body.js';
import { parseJson } from '../../http/json.js';
import { createProblemApp, ProblemError } from '../../http/problem.js';
import type { Log } from '../../log/log.js';
import { type Mode, modes } from '../simulated-gateway/modes.js';
import { readPageFiles } from './files.js';
import { pageSecurity } from './page-security.js';
import type { Phone } from './phone.js';

const newText = z.object({ number: z.string().trim().min(1).max(64), text: z.string().max(40_000) });
const oneNumber = newText.pick({ number: true });
const shownNumber = oneNumber.extend({ page: z.string().max(100) });
const oneText = z.object({ guid: z.string().min(1).max(100) });
const newMode = z.object({ mode: z.enum(Object.keys(modes) as [Mode, ...Mode[]]) });
const newDoubles = z.object({ doublesTexts: z.boolean() });

/** Enough for a text of 40,000 characters that take six bytes each in JSON. */
const maxBodyBytes = 262_144;

/** Creates the app that serves the page at `/`, and its files, events and actions below `/phone/`. */
export function createPhoneApp(phone: Phone, log: Log): Koa {
  const files = readPageFiles();
  const pool = createBodyPool();
  const app = createProblemApp(log);

  async function read<Schema extends z.ZodType>(ctx: Context, schema: Schema): Promise<z.infer<Schema>> {
    const parsed = schema.safeParse(parseJson(await readBody(ctx.req, { pool, maxBytes: maxBodyBytes })));
    if (parsed.success) return parsed.data;
    throw new ProblemError('invalid-body', {
      detail: parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '),
    });
  }

  const actions: Record<string, (ctx: Context) => Promise<object | void>> = {
    '/phone/texts': async (ctx) => ({ guid: phone.write(await read(ctx, newText)) }),
    '/phone/shown': async (ctx) => ({ sender: phone.show(await read(ctx, shownNumber)) }),
    '/phone/post-again': async (ctx) => phone.postAgain((await read(ctx, oneText)).guid),
    '/phone/release': async (ctx) => phone.release((await read(ctx, oneText)).guid),
    '/phone/resume': async (ctx) => phone.resume((await read(ctx, oneNumber)).number),
    '/phone/mode': async (ctx) => phone.setMode((await read(ctx, newMode)).mode),
    '/phone/doubles': async (ctx) => phone.setDoublesTexts((await read(ctx, newDoubles)).doublesTexts),
  };

  app.use(pageSecurity());
  app.use(async (ctx) => {
    const file = files.get(ctx.path);
    const act = Object.hasOwn(actions, ctx.path) ? actions[ctx.path] : undefined;
    if (!file && !act && ctx.path !== '/phone/events')
      throw new ProblemError('not-found', { detail: 'This page does not exist.' });
    const allowed = act ? ['POST'] : ['GET', 'HEAD'];
    if (!allowed.includes(ctx.method))
      throw new ProblemError('method-not-allowed', { headers: { Allow: allowed.join(', ') } });

    if (file) {
      ctx.type = file.type;
      ctx.body = file.body;
    } else if (act) {
      ctx.body = (await act(ctx)) ?? {};
    } else {
      phone.watch(ctx.res);
      ctx.respond = false;
    }
  });
  return app;
}
