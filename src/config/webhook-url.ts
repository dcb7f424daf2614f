import type { Gateway } from '../gateways/gateway.js';

/** Where a listener of ours listens. */
interface Listener {
  host: string;
  port: number;
}

/** The URL by which this machine reaches its own listener on `host` and `port`. */
export function localUrl({ host, port }: Listener): string {
  const reachable = { '0.0.0.0': '127.0.0.1', '::': '::1' }[host] ?? host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}

/** The URL by which this machine reaches the webhook of a gateway. */
export const webhookUrl = (config: Listener, { description }: Pick<Gateway, 'description'>) =>
  `${localUrl(config)}${description.path}`;
