import { webhookPath } from './api/webhook.js';
import type { Config } from './config.js';

/** Where this machine reaches what listens there. */
export function localUrl({ host, port }: Pick<Config, 'host' | 'port'>): string {
  const reached = { '0.0.0.0': '127.0.0.1', '::': '::1' }[host] ?? host;
  return `http://${reached.includes(':') ? `[${reached}]` : reached}:${port}`;
}

export const webhookUrl = (config: Pick<Config, 'host' | 'port'>): string => `${localUrl(config)}${webhookPath}`;
