import type { Middleware } from 'koa';
import { z } from 'zod';
import type { Draining } from './draining.js';
import type { Intake } from './intake.js';
import { ProblemError } from '../http/problem.js';

export const aliveAnswer = z.object({ status: z.literal('ok') });
export const readyAnswer = z.object({ status: z.literal('ready') });

/** The process runs. */
export const alive: Middleware = (ctx) => {
  ctx.body = { status: 'ok' } satisfies z.infer<typeof aliveAnswer>;
};

/** A delivery would be accepted now, and is better sent here than elsewhere. Says nothing of Temporal: without it texts are still accepted. */
export function ready(intake: Intake, draining: Pick<Draining, 'isOn'>): Middleware {
  return (ctx) => {
    if (draining.isOn) throw new ProblemError('draining');
    const reason = intake.ready();
    if (reason !== undefined) throw new ProblemError('not-ready', { detail: `Not ready: ${reason}.` });
    ctx.body = { status: 'ready' } satisfies z.infer<typeof readyAnswer>;
  };
}
