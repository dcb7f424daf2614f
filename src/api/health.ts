import type { Middleware } from 'koa';
import { z } from 'zod';
import type { Draining } from './admin/draining.js';
import type { Intake } from '../domain/intake.js';
import { ProblemError } from '../http/problem.js';

export const aliveResponse = z.object({ status: z.literal('ok') });
export const readyResponse = z.object({ status: z.literal('ready') });

/** Answers 200: the process runs. */
export const alive: Middleware = (ctx) => {
  ctx.body = { status: 'ok' } satisfies z.infer<typeof aliveResponse>;
};

/**
 * Answers 200 while the api can accept posts and isn't draining, 503 otherwise. Temporal isn't checked: texts are
 * accepted without it.
 */
export function ready(intake: Intake, draining: Pick<Draining, 'isOn'>): Middleware {
  return (ctx) => {
    if (draining.isOn) throw new ProblemError('draining');
    const reason = intake.ready();
    if (reason !== undefined) throw new ProblemError('not-ready', { detail: `Not ready: ${reason}.` });
    ctx.body = { status: 'ready' } satisfies z.infer<typeof readyResponse>;
  };
}
