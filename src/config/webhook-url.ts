import type { Gateway } from '../gateways/gateway.js';
import { gatewayToSimulate } from '../gateways/registry.js';
import type { Config } from './config.js';

/** The URL by which this machine reaches its own listener on `host` and `port`. */
export function localUrl({ host, port }: Pick<Config, 'host' | 'port'>): string {
  const reachable = { '0.0.0.0': '127.0.0.1', '::': '::1' }[host] ?? host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}

/** The URL by which this machine reaches the webhook of a gateway. */
export const webhookUrl = (config: Pick<Config, 'host' | 'port'>, { description }: Pick<Gateway, 'description'>) =>
  `${localUrl(config)}${description.path}`;

/** The webhook that the simulated gateway posts to: its URL, and the secrets that it verifies. */
export function simulatedGatewayWebhook(config: Pick<Config, 'host' | 'port' | 'gateways'>) {
  return {
    url: webhookUrl(config, gatewayToSimulate),
    credentials: config.gateways[gatewayToSimulate.name].credentials,
  };
}
