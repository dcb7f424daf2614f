import { startSimulatedGateway } from './server.js';

const text = process.env['GATEWAY_PORT'] || '8001';
const port = Number(text);
if (!/^\d{1,5}$/.test(text) || port > 65_535) fail(2, 'GATEWAY_PORT must be a port, 0 to 65535');

const gateway = await startSimulatedGateway({ port }).catch((error: NodeJS.ErrnoException) =>
  fail(1, error.code === 'EADDRINUSE' ? `port ${port} is taken: set GATEWAY_PORT to another` : error.message),
);
console.log(`Simulated SMS gateway on ${gateway.url}`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void gateway.close().then(() => process.exit(0)));
}

function fail(code: number, message: string): never {
  console.error(`Simulated SMS gateway: ${message}`);
  process.exit(code);
}
