import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';

/** The metrics of this process; to begin with those of Node, under their usual names, and which build runs. */
export function createRegistry(version: string): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'answerback_build_info',
    help: '1, with the version of Answerback and of Node as labels.',
    labelNames: ['version', 'node'],
    registers: [registry],
  }).set({ version, node: process.versions.node }, 1);
  return registry;
}
