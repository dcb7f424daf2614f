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
  inbound: Pick<Inbound, 'read' | 'confirm' | 'refusesInvalid' | 'acknowledge'>;
  readVerified: ReadVerified;
  log: Log;
  observer?: Pick<ApiObserver, 'onReceived' | 'onPhone'> | undefined;
}

/** Handles a gateway's POST: answers 200 once all of it is stored durably, what is invalid in the quarantine. */
export function receive({ inbound, readVerified, ...options }: WebhookOptions): Middleware {
  return (ctx) =>
    readVerified(ctx, async (body) => {
      const { post, problem } = await read(inbound, { body, query: ctx.query });
      await accept(post, options);
      const refusal = refusalOf(post, problem, { inbound, keepsRejected: options.intake.keepsRejected });
      if (refusal) throw refusal;
      for (const phone of post.phones ?? []) options.observer?.onPhone(options.gateway, phone);
      const counts = {
        messages: post.messages.length,
        rejected: post.rejected.length,
        ...(post.receipts && { receipts: post.receipts.length }),
      };
      const receipts = counts.receipts ? ` and ${counts.receipts} receipt(s)` : '';
      options.log.info({ event: 'post.accepted', ...counts }, `Accepted ${counts.messages} message(s)${receipts}`);
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

/** What a body holds. One that can't be read or confirmed is rejected as a whole, and has a problem. */
async function read(
  inbound: Pick<Inbound, 'read' | 'confirm'>,
  { body, query }: { body: Buffer; query: RequestHead['query'] },
): Promise<{ post: Post; problem?: ProblemError }> {
  try {
    const post = inbound.read(body, new Date(), query);
    return { post: inbound.confirm ? await inbound.confirm(post) : post };
  } catch (error) {
    if (!(error instanceof ProblemError) || body.length === 0) throw error;
    return { post: { messages: [], rejected: [{ index: 0, reason: error.message, raw: body }] }, problem: error };
  }
}

/**
 * The problem to respond with, although all is stored: the one of a post that can't be confirmed now, of a post without
 * a valid message from a gateway that refuses those, and of any invalid message that no quarantine keeps.
 */
function refusalOf(
  { messages, rejected }: Post,
  problem: ProblemError | undefined,
  { inbound, keepsRejected }: { inbound: Pick<Inbound, 'refusesInvalid'>; keepsRejected: boolean },
): ProblemError | undefined {
  if (rejected.length === 0) return undefined;
  const isRefused =
    !keepsRejected ||
    (inbound.refusesInvalid && messages.length === 0) ||
    (problem !== undefined && problem.status >= 500);
  if (!isRefused) return undefined;
  return problem ?? new ProblemError('invalid-messages', { members: { rejected: reasonsOf(rejected) } });
}

/** Answers the GET with which a gateway checks that the webhook exists. */
export function probe(inbound: Pick<Inbound, 'probe'>): Middleware {
  return (ctx) => {
    ctx.body = inbound.probe(new Date());
  };
}
