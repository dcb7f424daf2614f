import Router, { type RouterContext } from '@koa/router';
import Koa, { type Middleware } from 'koa';
import type { Log } from '../log.js';
import { authentication } from './authentication.js';
import type { Intake } from './intake.js';
import { ProblemError, problems } from './problem.js';
import { alive, ready } from './health.js';
import { probe, receive } from './webhook.js';

export interface AppDependencies {
  intake: Intake;
  /** Absent: every request is let through. */
  webhookSecret?: string | undefined;
  log: Log;
}

const webhookPath = '/api/webhook/sms-received';

/** The HTTP side, without a listener. */
export function createApp({ intake, webhookSecret, log }: AppDependencies): Koa {
  const authenticated = authentication(webhookSecret);
  const router = new Router();
  router.get(webhookPath, probe);
  router.get(`${webhookPath}/:token`, probe);
  router.post(webhookPath, authenticated, receive(intake, log));
  router.post(`${webhookPath}/:token`, authenticated, receive(intake, log));
  router.get('/healthz', alive);
  router.get('/readyz', ready(intake));

  const app = new Koa();
  app.use(problems(log));
  app.use(router.routes());
  app.use(unanswered);
  // Koa's own report of an error has its stack; what goes wrong before the first middleware is a client gone away.
  app.on('error', (error: Error) => log.debug({ event: 'request.aborted', error: error.message }, 'A request was cut off'));
  return app;
}

/** What no route took: the path is unknown, or known for other methods. */
const unanswered: Middleware = (ctx) => {
  const matched = (ctx['matched'] ?? []) as NonNullable<RouterContext['matched']>;
  const methods = new Set(matched.flatMap((layer) => layer.methods));
  if (methods.size === 0) throw new ProblemError(404, `There is nothing here. The webhook is POST ${webhookPath}.`);
  throw new ProblemError(405, 'This method is not allowed here.', { headers: { Allow: [...methods].join(', ') } });
};
