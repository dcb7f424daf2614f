import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';

/** Creates the registry of this process, with Node's default metrics and the build's version. */
export function createRegistry(version: string): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'answerback_build_info',
    help: 'Always 1; the labels are the versions of Answerback and Node.',
    labelNames: ['version', 'node'],
    registers: [registry],
  }).set({ version, node: process.versions.node }, 1);
  return registry;
}
