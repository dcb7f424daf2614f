import type { Gateway, GatewaySettings } from '../gateways/gateway.js';
import {
  defaultGateway,
  type GatewayName,
  gatewayNames,
  gateways,
  type RegisteredGateway,
} from '../gateways/registry.js';
import { localUrl } from './webhook-url.js';
import type { Variables } from './variables.js';

type SettingsOf<One> = One extends Gateway<infer Settings> ? Settings : never;

/** The settings of the gateways that are used, by their names. At least one is. */
export type GatewayConfigs = { readonly [One in RegisteredGateway as One['name']]?: SettingsOf<One> };

/** A gateway and its settings. */
export interface ConfiguredGateway {
  readonly gateway: Gateway;
  readonly settings: GatewaySettings;
}

export { gatewayNames };

/** The gateways that are used. */
export function configuredGateways(configs: GatewayConfigs): ConfiguredGateway[] {
  return (gateways as readonly Gateway[]).flatMap((gateway) => {
    const settings = configs[gateway.name as GatewayName];
    return settings ? [{ gateway, settings }] : [];
  });
}

/** Finds a gateway by its name, with its settings if it is used. */
export function findGateway(
  name: string,
  configs: GatewayConfigs,
): { gateway: Gateway; settings: GatewaySettings | undefined } | undefined {
  const gateway = (gateways as readonly Gateway[]).find((one) => one.name === name);
  return gateway && { gateway, settings: configs[gateway.name as GatewayName] };
}

/** The gateway whose protocol the simulated gateway, the phone page and `answerback send` speak: the first one. */
export const gatewayToSimulate = (configs: GatewayConfigs): ConfiguredGateway =>
  configuredGateways(configs)[0] as ConfiguredGateway;

/** The variables by which posts are verified. */
export const secretVariables: readonly string[] = gateways.flatMap(({ variableNames }) => variableNames.secrets);

const anyOf = new Intl.ListFormat('en-GB', { type: 'disjunction' });
/** What an operator reads when none of them is set, as the beginning of a sentence. */
export const secretNeeded = `${anyOf.format(secretVariables)} must be set`;

/**
 * Reads the settings of all gateways. Without any it is a trial: the simulated gateway then speaks the protocol of
 * `GATEWAY`.
 */
export function readGateways(read: Variables): { configs: GatewayConfigs; problems: string[] } {
  const simulatedUrl = `http://127.0.0.1:${read.GATEWAY_PORT}`;
  const configured = (gateways as readonly Gateway[]).map((gateway) => ({
    name: gateway.name,
    ...gateway.readSettings({ ...read, simulatedUrl }),
  }));
  const problems = configured.flatMap(({ problems }) => problems);
  const configs = configured.flatMap(({ name, settings }) => (settings ? [[name, settings] as const] : []));
  if (read.GATEWAY !== undefined && (configs.length > 0 || problems.length > 0))
    problems.push('GATEWAY must not be set together with variables of a gateway: it chooses which one is simulated');
  return { configs: Object.fromEntries(configs.length > 0 ? configs : [simulated(read, simulatedUrl)]), problems };
}

function simulated(read: Variables, url: string): readonly [GatewayName, GatewaySettings] {
  const name = read.GATEWAY ?? defaultGateway.name;
  const gateway: Gateway = gateways.find((one) => one.name === name) as Gateway;
  return [name, gateway.simulatedSettings(url, localUrl({ host: read.HOST, port: read.PORT }))];
}
