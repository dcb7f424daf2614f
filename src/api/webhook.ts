import type { Middleware } from 'koa';
import type { ApiObserver } from '../domain/acknowledgement.js';
import { type Intake, NotAcceptedError, type Post } from '../domain/intake.js';
import type { Inbound, RequestHead } from '../gateways/gateway.js';
import { reasonsOf } from '../gateways/rejected-messages.js';
import { ProblemError, retryAfter } from '../http/problem.js';
import type { Log } from '../log/log.js';
import type { ReadVerified } from './read-verified.js';

export interface WebhookOptions {
  intake: Intake;
  /** The name of the gateway. */
  gateway: string;
  inbound: Pick<Inbound, 'read' | 'confirm' | 'acknowledge'>;
  readVerified: ReadVerified;
  log: Log;
  observer?: Pick<ApiObserver, 'onReceived' | 'onPhone'> | undefined;
}

/** Handles a gateway's POST: answers 200 once every valid message is stored durably. */
export function receive({ inbound, readVerified, ...options }: WebhookOptions): Middleware {
  return (ctx) =>
    readVerified(ctx, async (body) => {
      const post = await readOrQuarantine(inbound, { body, query: ctx.query }, (unreadable) =>
        accept(unreadable, options),
      );
      await accept(post, options);
      for (const phone of post.phones ?? []) options.observer?.onPhone(options.gateway, phone);
      const counts = {
        messages: post.messages.length,
        rejected: post.rejected.length,
        ...(post.receipts && { receipts: post.receipts.length }),
      };
      const receipts = counts.receipts ? ` and ${counts.receipts} receipt(s)` : '';
      options.log.info({ event: 'post.accepted', ...counts }, `Accepted ${counts.messages} message(s)${receipts}`);
      // Without a quarantine, a 200 would hide that a part of the post is lost.
      if (post.rejected.length > 0 && (post.messages.length === 0 || !options.intake.keepsRejected)) {
        throw new ProblemError('invalid-messages', { members: { rejected: reasonsOf(post.rejected) } });
      }
      const acknowledged = inbound.acknowledge(post);
      if (typeof acknowledged === 'string') ctx.type = 'text/xml';
      ctx.body = acknowledged;
    });
}

async function accept(
  post: Post,
  { gateway, intake, log, observer }: Pick<WebhookOptions, 'gateway' | 'intake' | 'log' | 'observer'>,
): Promise<void> {
  try {
    await intake.accept(post.rejected.length > 0 ? { ...post, gateway } : post);
    observer?.onReceived({ accepted: post.messages.length, rejected: post.rejected.length });
  } catch (error) {
    if (!(error instanceof NotAcceptedError)) throw error;
    const cause = error.cause instanceof Error ? error.cause.message : undefined;
    log.warn({ event: 'post.failed', cause }, `A post was not accepted: ${error.message}`);
    throw new ProblemError('not-accepted', { headers: retryAfter });
  }
}

/**
 * Quarantines a body that can't be read or confirmed before responding: most gateways don't post it again after a 4xx,
 * and only once more after a 503.
 */
async function readOrQuarantine(
  inbound: Pick<Inbound, 'read' | 'confirm'>,
  { body, query }: { body: Buffer; query: RequestHead['query'] },
  quarantine: (post: Post) => Promise<void>,
): Promise<Post> {
  try {
    const read = inbound.read(body, new Date(), query);
    return inbound.confirm ? await inbound.confirm(read) : read;
  } catch (error) {
    if (error instanceof ProblemError && body.length > 0) {
      await quarantine({ messages: [], rejected: [{ index: 0, reason: error.message, raw: body }] });
    }
    throw error;
  }
}

/** Answers the GET with which a gateway checks that the webhook exists. */
export function probe(inbound: Pick<Inbound, 'probe'>): Middleware {
  return (ctx) => {
    ctx.body = inbound.probe(new Date());
  };
}
