import type { IncomingHttpHeaders } from 'node:http';

/** The names of this machine for itself; with any other, another site's name was made to lead here. */
const ownNames = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i;

/** Whether a request names this machine as this machine does. */
export const namesThisMachine = ({ host = '' }: IncomingHttpHeaders): boolean => ownNames.test(host);

/**
 * Whether a browser sends it for a page of another site. What is no browser says nothing of where it comes from.
 * https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Sec-Fetch-Site
 */
export function isOfForeignPage({ host = '', origin, 'sec-fetch-site': site = 'none' }: IncomingHttpHeaders): boolean {
  return (origin !== undefined && origin !== `http://${host}`) || !['same-origin', 'none'].includes(String(site));
}
