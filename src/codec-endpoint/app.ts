import type Koa from 'koa';
import type { Middleware } from 'koa';
import type { PayloadCodec } from '@temporalio/common';
import { bearer } from '../http/bearer.js';
import { createBodyPool, readBody } from '../http/body.js';
import { parseJson } from '../http/json.js';
import { createProblemApp, ProblemError } from '../http/problem.js';
import { isSecret } from '../secrets/is-secret.js';
import { UnreadableError } from '../secrets/keyring.js';
import type { Log } from '../log/log.js';
import { noteInPlace, readPayloads, writePayloads } from './payloads.js';

/** What a client must present: a bearer token, or a secret path for a Web UI that can't send a token. */
export type Access = { token: string } | { path: string };

export interface CodecEndpointOptions {
  codec: PayloadCodec;
  access: Access;
  /** Origins of the Web UI. Pages from other origins can't read the responses. */
  origins: readonly string[];
  log: Log;
}

/** One page of the Web UI can show many long texts. */
const maxBodyBytes = 16 * 1_048_576;
const maxMembers = 1_000_000;

/**
 * Creates the codec server that lets Temporal Web UI, `temporal` and `tctl` show payloads.
 * It serves `POST /decode` and `POST /encode` with `{"payloads": [...]}`.
 * https://docs.temporal.io/codec-server
 */
export function createCodecApp({ codec, access, origins, log }: CodecEndpointOptions): Koa {
  const prefix = 'path' in access ? access.path : '';
  const app = createProblemApp(log);
  const pool = createBodyPool(4 * maxBodyBytes);
  app.use(allowOrigins(origins));
  app.use('token' in access ? bearer(access.token) : underPath(access.path));
  app.use(async (ctx) => {
    const name = ctx.path.slice(prefix.length);
    if (name !== '/decode' && name !== '/encode')
      throw new ProblemError('not-found', { detail: 'There are only POST /decode and POST /encode.' });
    if (ctx.method !== 'POST') throw new ProblemError('method-not-allowed', { headers: { Allow: 'POST, OPTIONS' } });
    const payloads = readPayloads(parseJson(await readBody(ctx.req, { pool, maxBytes: maxBodyBytes }), { maxMembers }));
    ctx.body = writePayloads(
      name === '/encode'
        ? await codec.encode(payloads)
        : await Promise.all(payloads.map((payload) => decodeOrExplain(codec, payload))),
    );
  });
  return app;
}

/** Decodes a payload, or returns a note with the reason, so that one unreadable payload doesn't hide the others. */
async function decodeOrExplain(codec: PayloadCodec, payload: Parameters<PayloadCodec['decode']>[0][number]) {
  try {
    const [decoded] = await codec.decode([payload]);
    return decoded ?? payload;
  } catch (error) {
    return noteInPlace(error instanceof UnreadableError ? error.message : 'The payload was not sealed by Answerback');
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
