import Router, { type RouterContext } from '@koa/router';
import type Koa from 'koa';
import type { Middleware } from 'koa';
import type { Log } from '../log.js';
import { authentication, type Credentials } from './authentication.js';
import { countTraffic, type Draining, letGo } from './draining.js';
import type { Intake } from './intake.js';
import { type ApiMeasure, timed } from './measure.js';
import { createProblemApp, ProblemError } from '../http/problem.js';
import { alive, ready } from './health.js';
import { describeApi } from './openapi/document.js';
import { probe, receive, webhookPath } from './webhook.js';

export interface AppDependencies {
  intake: Intake;
  draining: Pick<Draining, 'isOn' | 'during'>;
  credentials: Credentials;
  log: Log;
  /** Hears of each post; default: nobody does. */
  measure?: ApiMeasure | undefined;
}

/** The HTTP side, without a listener. */
export function createApp({ intake, draining, credentials, log, measure }: AppDependencies): Koa {
  const received = receive({ intake, readAuthenticated: authentication(credentials), log, measure });
  const webhook = [countTraffic(draining), ...(measure ? [timed(measure)] : []), received];
  const router = new Router();
  router.get(webhookPath, probe);
  router.get(`${webhookPath}/:token`, probe);
  router.post(webhookPath, ...webhook);
  router.post(`${webhookPath}/:token`, ...webhook);
  router.get('/healthz', alive);
  router.get('/readyz', ready(intake, draining));
  router.get('/openapi.json', describeApi());

  const app = createProblemApp(log);
  app.use(letGo(draining));
  app.use(properRequest);
  app.use(router.routes());
  app.use(unanswered);
  return app;
}

/** What Node would answer by itself, without a body, or let through although RFC 9112 has it otherwise. */
const properRequest: Middleware = (ctx, next) => {
  const { httpVersion, headers } = ctx.req;
  const improper = (detail: string) => new ProblemError('bad-request', { detail, headers: { Connection: 'close' } });
  if (httpVersion !== '1.1' && httpVersion !== '1.0') throw improper('This is HTTP/1.1.');
  if (httpVersion === '1.1' && headers.host === undefined) throw improper('A request of HTTP/1.1 needs a Host header.');
  const coding = headers['transfer-encoding'];
  if (coding !== undefined && (httpVersion === '1.0' || coding.toLowerCase() !== 'chunked')) throw improper('The only Transfer-Encoding is "chunked", of HTTP/1.1.');
  return next();
};

/** What no route took: the path is unknown, or known for other methods. */
const unanswered: Middleware = (ctx) => {
  const matched = (ctx['matched'] ?? []) as NonNullable<RouterContext['matched']>;
  const methods = new Set(matched.flatMap((layer) => layer.methods));
  if (methods.size === 0) throw new ProblemError('not-found');
  throw new ProblemError('method-not-allowed', { headers: { Allow: [...methods].join(', ') } });
};
