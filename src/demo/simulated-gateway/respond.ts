import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Step } from './step.js';
import type { ApiResponse } from './dialect.js';

const dripEveryMs = 50;

/** Responds to a request as a step of the script describes. `closing` ends its waits when the gateway closes. */
export async function respond(
  step: Step,
  /** The provider's response to a text that it accepted, and its error with a status. */
  usual: { accepted: () => ApiResponse; failed: (status: number) => object },
  response: ServerResponse,
  closing: AbortSignal,
): Promise<void> {
  if (step.delayMs) await delay(step.delayMs, undefined, { signal: closing });
  if (step.reset) response.socket?.resetAndDestroy();
  if (step.reset || step.hang) return;

  const { status, body } = responseOf(step, usual);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': body.length,
    ...(step.retryAfter !== undefined && { 'retry-after': String(step.retryAfter) }),
    ...step.headers,
  });
  if (step.truncate) response.write(body.subarray(0, body.length / 2), () => response.destroy());
  else if (step.drip) await drip(body, response, closing);
  else response.end(body);
}

function responseOf({ body, status }: Step, { accepted, failed }: Parameters<typeof respond>[1]) {
  const usual = status === undefined || status < 300 ? accepted() : { status, body: failed(status) };
  return {
    status: status ?? usual.status,
    body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body ?? usual.body)),
  };
}

async function drip(body: Buffer, response: ServerResponse, closing: AbortSignal): Promise<void> {
  for (const byte of body) {
    if (response.destroyed) return;
    response.write(Buffer.of(byte));
    await delay(dripEveryMs, undefined, { signal: closing });
  }
  response.end();
}
