import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Step } from './step.js';
import type { SentText } from './sent-messages.js';

const dripEveryMs = 50;

/** Responds to a request as a step of the script describes. `closing` ends its waits when the gateway closes. */
export async function respond(
  step: Step,
  accepted: SentText | undefined,
  response: ServerResponse,
  closing: AbortSignal,
): Promise<void> {
  if (step.delayMs) await delay(step.delayMs, undefined, { signal: closing });
  if (step.reset) response.socket?.resetAndDestroy();
  if (step.reset || step.hang) return;

  const body = bodyOf(step, accepted);
  response.writeHead(step.status ?? 200, {
    'content-type': 'application/json',
    'content-length': body.length,
    ...(step.retryAfter !== undefined && { 'retry-after': String(step.retryAfter) }),
    ...step.headers,
  });
  if (step.truncate) response.write(body.subarray(0, body.length / 2), () => response.destroy());
  else if (step.drip) await drip(body, response, closing);
  else response.end(body);
}

function bodyOf({ body, status = 200 }: Step, accepted: SentText | undefined): Buffer {
  if (typeof body === 'string') return Buffer.from(body);
  const defaultBody = status < 300 ? success(accepted) : { error: status, message: 'As the script says' };
  return Buffer.from(JSON.stringify(body ?? defaultBody));
}

/** The provider's response to an accepted text: https://smsmobileapi.com/doc */
function success(accepted: SentText | undefined) {
  const { id, at } = accepted ?? { id: randomBytes(20).toString('hex'), at: new Date().toISOString() };
  return { result: { error: 0, sent: '1', id, note: 'sent by mobile', datetime: at.slice(0, 19).replace('T', ' ') } };
}

async function drip(body: Buffer, response: ServerResponse, closing: AbortSignal): Promise<void> {
  for (const byte of body) {
    if (response.destroyed) return;
    response.write(Buffer.of(byte));
    await delay(dripEveryMs, undefined, { signal: closing });
  }
  response.end();
}
