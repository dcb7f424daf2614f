import type { ConnectPlan } from '../admin.js';
import { routeDescription } from './description.js';
import type { Credentials } from './settings.js';

/** Says how to register the webhook: the provider has no API for it. The secrets are named, not shown. */
export function planByHand({ token, signingSecrets }: Credentials, publicUrl: string): ConnectPlan {
  const address = `${publicUrl}${routeDescription.path}`;
  const ways = [
    ...(token === undefined ? [] : [`${address}/<WEBHOOK_SECRET>, with the secret in place of <WEBHOOK_SECRET>`]),
    ...(signingSecrets.length === 0 ? [] : [`${address}, if the account signs its posts with WEBHOOK_SIGNING_SECRET`]),
  ];
  const todo =
    ways.length === 0
      ? 'set WEBHOOK_SECRET or WEBHOOK_SIGNING_SECRET, and run this again'
      : `set the webhook for received texts in your account to ${ways.join('; or to ')}`;
  return { steps: [], notes: [{ found: 'SMSMobileAPI has no API to register webhooks', todo }] };
}
