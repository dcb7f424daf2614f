import type { PostByHand } from '../gateway.js';
import type { SmsMobileApiSettings } from './settings.js';
import { secretHeader } from './verify.js';

const body =
  '{"date":"2025-01-20","hour":"10:15:00","time_received":"2025-01-20 10:14:50",' +
  '"message":"Yes, I agree","number":"+123456789","guid":"test-001"}';

/** @see {@link Gateway.postByHand} */
export function postByHand({ hasSecret, credentials: { token } }: SmsMobileApiSettings): PostByHand {
  const needsToken = hasSecret && token === undefined;
  return {
    headers: hasSecret ? [`${secretHeader}: $WEBHOOK_SECRET`] : [],
    body,
    ...(needsToken && { todo: 'The webhook accepts only signed posts. To send one by hand, set WEBHOOK_SECRET too' }),
  };
}
