import type Koa from 'koa';
import type { Middleware } from 'koa';
import type { PayloadCodec } from '@temporalio/common';
import { bearer } from '../http/bearer.js';
import { createBodyPool, readBody } from '../http/body.js';
import { parseJson } from '../http/json.js';
import { createProblemApp, ProblemError } from '../http/problem.js';
import { isSecret } from '../http/secret.js';
import { UnreadableError } from '../keyring.js';
import type { Log } from '../log.js';
import { noteInPlace, readPayloads, writePayloads } from './payloads.js';

/** Who may ask: whoever sends the token, or knows the path, for a Web UI that can send none. */
export type Access = { token: string } | { path: string };

export interface CodecEndpointSettings {
  codec: PayloadCodec;
  access: Access;
  /** The origins of the Web UI; pages of others cannot read the answers. */
  origins: readonly string[];
  log: Log;
}

/** A page of the Web UI may hold many long texts. */
const largestBodyBytes = 16 * 1_048_576;
const mostMembers = 1_000_000;

/**
 * What Temporal Web UI, `temporal` and `tctl` ask to show payloads: `POST /decode` and `POST /encode` with `{"payloads": [...]}`.
 * https://docs.temporal.io/codec-server
 */
export function createCodecApp({ codec, access, origins, log }: CodecEndpointSettings): Koa {
  const prefix = 'path' in access ? access.path : '';
  const app = createProblemApp(log);
  const pool = createBodyPool(4 * largestBodyBytes);
  app.use(allowOrigins(origins));
  app.use('token' in access ? bearer(access.token) : underPath(access.path));
  app.use(async (ctx) => {
    const name = ctx.path.slice(prefix.length);
    if (name !== '/decode' && name !== '/encode') throw new ProblemError('not-found', { detail: 'There are only POST /decode and POST /encode.' });
    if (ctx.method !== 'POST') throw new ProblemError('method-not-allowed', { headers: { Allow: 'POST, OPTIONS' } });
    const payloads = readPayloads(parseJson(await readBody(ctx.req, { pool, largestBytes: largestBodyBytes }), { mostMembers }));
    ctx.body = writePayloads(name === '/encode' ? await codec.encode(payloads) : await Promise.all(payloads.map((payload) => decodeOrSay(codec, payload))));
  });
  return app;
}

/** One that does not open must not hide the others, so its place says why. */
async function decodeOrSay(codec: PayloadCodec, payload: Parameters<PayloadCodec['decode']>[0][number]) {
  try {
    const [decoded] = await codec.decode([payload]);
    return decoded ?? payload;
  } catch (error) {
    return noteInPlace(error instanceof UnreadableError ? error.message : 'It is no payload that was sealed here');
  }
}

function allowOrigins(origins: readonly string[]): Middleware {
  return async (ctx, next) => {
    const origin = ctx.get('Origin');
    if (origins.includes(origin)) {
      ctx.set({
        'Access-Control-Allow-Origin': origin,
        'Access-Control-Allow-Methods': 'POST, OPTIONS',
        'Access-Control-Allow-Headers': 'authorization, content-type, x-namespace',
        'Access-Control-Max-Age': '600',
      });
    }
    ctx.vary('Origin');
    if (ctx.method === 'OPTIONS') ctx.status = 204;
    else await next();
  };
}

function underPath(path: string): Middleware {
  const isPath = isSecret(path);
  return (ctx, next) => {
    if (!isPath(ctx.path.slice(0, path.length))) throw new ProblemError('not-found');
    return next();
  };
}
