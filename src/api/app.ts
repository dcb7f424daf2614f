import Router, { type RouterContext } from '@koa/router';
import type Koa from 'koa';
import type { Middleware } from 'koa';
import type { Log } from '../log/log.js';
import type { Inbound, RouteDescription } from '../gateways/gateway.js';
import { createReadVerified } from './read-verified.js';
import { type Draining, closeConnections } from './admin/draining.js';
import type { ApiObserver } from '../domain/acknowledgement.js';
import type { Intake } from '../domain/intake.js';
import { timed } from './observer.js';
import { createProblemApp, ProblemError } from '../http/problem.js';
import { alive, ready } from './health.js';
import { describeApi } from './openapi/document.js';
import { probe, receive } from './webhook.js';

/** The webhook of a gateway. */
interface GatewayWebhook {
  /** The name of the gateway. */
  name: string;
  description: RouteDescription;
  inbound: Inbound;
}

export interface AppOptions {
  intake: Intake;
  draining: Pick<Draining, 'isOn' | 'during'>;
  /** The webhook of each gateway. */
  webhooks: readonly GatewayWebhook[];
  log: Log;
  /** Called for each post; default: none. */
  observer?: ApiObserver | undefined;
}

/** Builds the Koa app of the api; it doesn't listen. */
export function createApp({ intake, draining, webhooks, log, observer }: AppOptions): Koa {
  const router = new Router();
  const readVerifiedOf = createReadVerified(draining);
  for (const { name, description, inbound } of webhooks) {
    const readVerified = readVerifiedOf(inbound, description.challenge);
    const received = receive({ gateway: name, intake, inbound, readVerified, log, observer });
    for (const route of [description.path, ...(description.pathToken ? [`${description.path}/:token`] : [])]) {
      router.get(route, probe(inbound));
      router.post(route, ...(observer ? [timed(observer)] : []), received);
    }
  }
  router.get('/healthz', alive);
  router.get('/readyz', ready(intake, draining));
  router.get('/openapi.json', describeApi(webhooks.map(({ description }) => description)));

  const app = createProblemApp(log);
  app.use(closeConnections(draining));
  app.use(properRequest);
  app.use(router.routes());
  app.use(unanswered);
  return app;
}

/** Rejects requests that Node would answer without a body, or would accept against RFC 9112. */
const properRequest: Middleware = (ctx, next) => {
  const { httpVersion, headers } = ctx.req;
  const improper = (detail: string) => new ProblemError('bad-request', { detail, headers: { Connection: 'close' } });
  if (httpVersion !== '1.1' && httpVersion !== '1.0') throw improper('Only HTTP/1.1 and HTTP/1.0 are supported.');
  if (httpVersion === '1.1' && headers.host === undefined) throw improper('An HTTP/1.1 request needs a Host header.');
  const coding = headers['transfer-encoding'];
  if (coding !== undefined && (httpVersion === '1.0' || coding.toLowerCase() !== 'chunked'))
    throw improper('The only supported Transfer-Encoding is "chunked", with HTTP/1.1.');
  return next();
};

/** Handles what no route took: 404 for an unknown path, 405 for a known path with another method. */
const unanswered: Middleware = (ctx) => {
  const matched = (ctx['matched'] ?? []) as NonNullable<RouterContext['matched']>;
  const methods = new Set(matched.flatMap((layer) => layer.methods));
  if (methods.size === 0) throw new ProblemError('not-found');
  throw new ProblemError('method-not-allowed', { headers: { Allow: [...methods].join(', ') } });
};
