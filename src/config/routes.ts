import { gateways, type RegisteredGateway } from '../gateways/registry.js';
import { ConfigError } from '../process/errors.js';
import type { Config } from './config.js';

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
): readonly RegisteredGateway[] {
  const routed = gateways.filter(({ name }) => {
    const { token, signingSecrets } = config.gateways[name].credentials;
    return token !== undefined || signingSecrets.length > 0;
  });
  if (routed.length > 0) return routed;
  if (mayBeTrial && Object.values(config.gateways).every(({ simulated }) => simulated)) return gateways;
  const secrets = gateways.flatMap(({ variableNames }) => variableNames.secrets);
  throw new ConfigError([
    `${secrets.join(' or ')} must be set: otherwise anyone who can reach the webhook can post texts. ` +
      'Make one with: openssl rand -hex 24',
  ]);
}
