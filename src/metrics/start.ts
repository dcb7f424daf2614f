import type { Registry } from 'prom-client';
import { packageFile } from '../process/package-file.js';
import type { Config } from '../config/config.js';
import { listen } from '../http/server.js';
import type { Lifecycle } from '../process/run-main.js';
import { createMetricsApp, type MetricsAppOptions } from './app.js';
import { createRegistry } from './registry.js';

export interface StartMetricsOptions extends Omit<MetricsAppOptions, 'registry'> {
  config: Pick<Config, 'metrics'>;
}

/** Starts the metrics listener. Returns the registry, to which other parts add their metrics. */
export async function startMetrics(
  { config, ...options }: StartMetricsOptions,
  { onStop }: Pick<Lifecycle, 'onStop'>,
): Promise<Registry> {
  const registry = createRegistry(packageFile.version);
  const app = createMetricsApp({ ...options, registry });
  const server = await listen(app, { ...config.metrics, variables: { port: 'METRICS_PORT', host: 'METRICS_HOST' } });
  onStop(() => server.close());
  return registry;
}
