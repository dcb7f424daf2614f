import { OperatorError } from '../../process/errors.js';
import type { Lifecycle } from '../../process/run-main.js';
import { type SimulatedGateway, startSimulatedGateway } from './server.js';

/**
 * Starts the simulated gateway and closes it when the process stops.
 *
 * @throws {OperatorError} when the port is taken
 */
export async function startSimulatedGatewayProcess(
  options: Parameters<typeof startSimulatedGateway>[0],
  { onStop }: Pick<Lifecycle, 'onStop'>,
): Promise<SimulatedGateway> {
  const gateway = await startSimulatedGateway(options).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') throw error;
    throw new OperatorError(
      `Port ${options.port} is taken by another program: stop it, or set GATEWAY_PORT to a free port`,
    );
  });
  onStop(() => gateway.close());
  return gateway;
}
