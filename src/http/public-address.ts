import ipaddr from 'ipaddr.js';

/** All public IPv6 addresses, and some others: https://www.iana.org/assignments/ipv6-unicast-address-assignments */
const globalUnicast = ipaddr.parseCIDR('2000::/3');

/** Azure's platform service for its virtual machines, the only one of a cloud with a public address. */
const azurePlatform = '168.63.129.16';

/**
 * Returns whether an address is on the public internet. It is false for loopback, private, link-local and unique-local
 * addresses, those of carriers (RFC 6598), all that are reserved or lead to IPv4 through a tunnel, and the metadata
 * services of clouds; and for what is no address. An IPv4 address in IPv6 notation counts as that IPv4 address.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  if (parsed.range() !== 'unicast' || parsed.toString() === azurePlatform) return false;
  return parsed.kind() === 'ipv4' || parsed.match(globalUnicast);
}
