import type { IncomingHttpHeaders } from 'node:http';

/**
 * The loopback names of this machine. Any other Host may be a web site's own name that resolves here (DNS rebinding).
 */
const ownNames = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i;

/** Tells whether the Host of a request is a loopback name. */
export const namesThisMachine = ({ host = '' }: IncomingHttpHeaders): boolean => ownNames.test(host);

/**
 * Tells whether a browser sent the request for a page of another site. Non-browser clients usually send neither Origin
 * nor Sec-Fetch-Site, so they pass.
 * https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Sec-Fetch-Site
 */
export function isCrossSite({ host = '', origin, 'sec-fetch-site': site = 'none' }: IncomingHttpHeaders): boolean {
  return (origin !== undefined && origin !== `http://${host}`) || !['same-origin', 'none'].includes(String(site));
}
