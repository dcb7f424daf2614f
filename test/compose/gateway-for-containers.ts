import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Dialect } from '../../src/demo/simulated-gateway/dialect.js';
import { type SimulatedGateway, startSimulatedGateway } from '../../src/demo/simulated-gateway/server.js';

/**
 * The simulated gateway takes requests from loopback only. This listens on every address, because a container reaches
 * this machine by that of its network, and passes requests on.
 */
export async function startGatewayForContainers({ dialect }: { dialect?: Dialect } = {}): Promise<{
  gateway: SimulatedGateway;
  port: number;
  close(): Promise<void>;
}> {
  const gateway = await startSimulatedGateway({ port: 0, ...(dialect && { dialect }) });
  const server = createServer((received, response) => {
    const headers = { ...received.headers, host: `127.0.0.1:${gateway.port}` };
    const passed = request({ port: gateway.port, method: received.method, path: received.url, headers }, (reply) => {
      response.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(response);
    });
    passed.on('error', () => response.destroy());
    received.pipe(passed);
  });
  server.listen(0, '0.0.0.0');
  await once(server, 'listening');
  return {
    gateway,
    port: (server.address() as AddressInfo).port,
    async close() {
      server.closeAllConnections();
      server.close();
      await gateway.close();
    },
  };
}
