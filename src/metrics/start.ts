import type { Registry } from 'prom-client';
import { packageFile } from '../package-file.js';
import type { Config } from '../config.js';
import { listen } from '../http/server.js';
import type { Starting } from '../process.js';
import { createMetricsApp, type MetricsAppSettings } from './app.js';
import { createRegistry } from './registry.js';

export interface MetricsParts extends Omit<MetricsAppSettings, 'registry'> {
  config: Pick<Config, 'metrics'>;
}

/** Listens for those who scrape, until the stop has come that far. Returns the registry, for the other parts to add theirs. */
export async function startMetrics({ config, ...settings }: MetricsParts, { onStop }: Pick<Starting, 'onStop'>): Promise<Registry> {
  const registry = createRegistry(packageFile.version);
  const app = createMetricsApp({ ...settings, registry });
  const server = await listen(app, { ...config.metrics, variables: { port: 'METRICS_PORT', host: 'METRICS_HOST' } });
  onStop(() => server.close());
  return registry;
}
