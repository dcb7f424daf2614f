import { OperatorError } from '../process.js';
import type { Starting } from '../process.js';
import { type SimulatedGateway, startSimulatedGateway } from './server.js';

/** Runs the simulated gateway until the stop. */
export async function startGateway(settings: Parameters<typeof startSimulatedGateway>[0], { onStop }: Pick<Starting, 'onStop'>): Promise<SimulatedGateway> {
  const gateway = await startSimulatedGateway(settings).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') throw error;
    throw new OperatorError(`Port ${settings.port} is taken by another program: stop it, or set GATEWAY_PORT to a free port`);
  });
  onStop(() => gateway.close());
  return gateway;
}
