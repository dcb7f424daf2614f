import type { Config } from '../../config/config.js';
import { addressRefused } from '../../http/allowed-addresses.js';
import { headOnce } from '../../http/head-once.js';
import { isPublicAddress } from '../../http/public-address.js';
import { fail, type Finding, ok, warn } from './check.js';

const timeoutMs = 5_000;

/**
 * Checks that EVENTS_URL leads to an address that is allowed, and that something responds there. Posts no event, so it
 * doesn't check the secret.
 */
export async function checkEvents({ events }: Pick<Config, 'events'>): Promise<Finding> {
  if (!events) return ok('No events are told (EVENTS_URL is not set)');
  const url = new URL(events.url);
  // Not the whole URL: its path may be a secret.
  const where = `EVENTS_URL (${url.origin})`;
  try {
    const status = await headOnce(url, { timeoutMs, allows: events.private ? undefined : isPublicAddress });
    return status >= 500
      ? warn(
          `${where} returned status ${status}`,
          'check whether the receiver is down; events are retried for 24 hours',
        )
      : ok(`${where} responds (${status}); only an event shows whether it takes them`);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === addressRefused)
      return fail(
        `${where} leads to a private network or this machine`,
        'set EVENTS_URL to a public address, or EVENTS_PRIVATE=true for a receiver in your own network',
      );
    const reason = code === 'ABORT_ERR' ? `within ${timeoutMs / 1_000} s` : `(${code ?? 'the request failed'})`;
    return fail(
      `${where} does not respond ${reason}`,
      'check EVENTS_URL, DNS and the firewall; events are retried for 24 hours',
    );
  }
}
