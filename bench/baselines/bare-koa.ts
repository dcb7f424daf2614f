import Koa from 'koa';
import { createBodyPool, readBody } from '../../src/http/body.js';

/** The floor of HTTP: Koa alone reads the body, parses it and answers. No routes, no validation, no log, and nothing is stored. */
const app = new Koa();
const pool = createBodyPool();
app.use(async (ctx) => {
  const posted = JSON.parse((await readBody(ctx.req, { pool })).toString()) as { messages?: unknown[] };
  const count = posted.messages?.length ?? 1;
  ctx.body = { status: 'success', message: `Received ${count} message(s), processing in background`, message_count: count };
});
app.listen(Number(process.env['PORT']), '127.0.0.1');
