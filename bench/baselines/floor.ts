import { fdatasyncSync, openSync, writeSync } from 'node:fs';
import Koa from 'koa';
import { createBodyPool, readBody } from '../../src/http/body.js';

/**
 * The minimum for a durable webhook in Koa: it parses the body, appends the same bytes to a file, waits for the disk
 * and responds. All in one thread, without routes, validation, log or SQLite: `floor.ts <file>`.
 */
const [path = ''] = process.argv.slice(2);
const file = openSync(path, 'a', 0o600);
const app = new Koa();
const pool = createBodyPool();
app.use(async (ctx) => {
  const body = await readBody(ctx.req, { pool });
  const posted = JSON.parse(body.toString()) as { messages?: unknown[] };
  writeSync(file, body);
  fdatasyncSync(file);
  const count = posted.messages?.length ?? 1;
  ctx.body = {
    status: 'success',
    message: `Received ${count} message(s), processing in background`,
    message_count: count,
  };
});
app.listen(Number(process.env['PORT']), '127.0.0.1');
