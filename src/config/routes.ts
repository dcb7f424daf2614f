import { gateways, type RegisteredGateway } from '../gateways/registry.js';
import { ConfigError } from '../process/errors.js';
import type { Config } from './config.js';

/**
 * Returns the gateways that have a webhook route: those with a secret.
 *
 * @param options.isTrial for `npm start`: a simulated gateway needs no secret. The api then listens only on loopback:
 * see `loadConfig`
 * @throws {ConfigError} when no gateway has a route
 */
export function gatewaysWithRoute(
  config: Pick<Config, 'gateways'>,
  { isTrial = false }: { isTrial?: boolean } = {},
): readonly RegisteredGateway[] {
  const routed = gateways.filter(({ name }) => {
    const { credentials, simulated } = config.gateways[name];
    return credentials.token !== undefined || credentials.signingSecrets.length > 0 || (isTrial && simulated);
  });
  if (routed.length > 0) return routed;
  const secrets = gateways.flatMap(({ variableNames }) => variableNames.secrets);
  throw new ConfigError([
    `${secrets.join(' or ')} must be set: otherwise anyone who can reach the webhook can post texts. ` +
      'Make one with: openssl rand -hex 24',
  ]);
}
