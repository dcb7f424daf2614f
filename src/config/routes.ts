import { ConfigError } from '../process/errors.js';
import type { Config } from './config.js';
import { type ConfiguredGateway, configuredGateways, secretNeeded } from './gateways.js';

/**
 * Returns the gateways that have a webhook route: those with a secret. In a trial, where all gateways are simulated,
 * they need none; the api then listens only on loopback: see `loadConfig`.
 *
 * @param options.mayBeTrial true for `npm start`
 * @throws {ConfigError} when no gateway has a route
 */
export function gatewaysWithRoute(
  config: Pick<Config, 'gateways'>,
  { mayBeTrial = false }: { mayBeTrial?: boolean } = {},
): readonly ConfiguredGateway[] {
  const all = configuredGateways(config.gateways);
  const routed = all.filter(({ settings }) => settings.hasSecret);
  if (routed.length > 0) return routed;
  if (mayBeTrial && all.every(({ settings }) => settings.simulated)) return all;
  throw new ConfigError([
    `${secretNeeded}: otherwise anyone who can reach the webhook can post texts. ` +
      'Make a WEBHOOK_SECRET with: openssl rand -hex 24',
  ]);
}
