import { lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';

/** Returns whether a connection to this IP address is allowed. */
export type AllowsAddress = (address: string) => boolean;

/** The code of the error when a name has only addresses that are not allowed. */
export const addressRefused = 'ADDRESS_REFUSED';

/** Returns whether the host of a URL is allowed, as far as it is an address: Node looks up only names. */
export function mayConnectTo({ hostname }: URL, allows: AllowsAddress): boolean {
  const host = hostname.replace(/^\[|\]$/g, '');
  return isIP(host) === 0 || allows(host);
}

/**
 * Creates a lookup for a connection. The connection can only be made to an address that it returned, so a name can't
 * change its address after the check.
 */
export function lookupOf(allows: AllowsAddress): LookupFunction {
  return (hostname, options, callback) =>
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '');
      const allowed = addresses.filter(({ address }) => allows(address));
      const [first] = allowed;
      if (!first) return callback(Object.assign(new Error('no allowed address'), { code: addressRefused }), '');
      if (options.all) callback(null, allowed);
      else callback(null, first.address, first.family);
    });
}
