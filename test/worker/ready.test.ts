import { createServer, type AddressInfo, type Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { eventually } from '../kit/eventually.js';
import { freePort } from '../kit/ports.js';
import { startProgram } from '../kit/program.js';
import { testSecret } from '../kit/secret.js';

/** Takes connections, and says nothing on them. */
async function startSilentServer(): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

it('a worker that has not reached Temporal is running, and not ready', async () => {
  const metricsPort = await freePort();
  const env = {
    METRICS_PORT: String(metricsPort),
    TEMPORAL_ADDRESS: `127.0.0.1:${await startSilentServer()}`,
    SMS_MOBILE_API_KEY: 'key',
    ANSWERBACK_SECRET: testSecret,
  };
  const { child } = startProgram(process.execPath, ['dist/worker/main.js'], env);
  onTestFinished(() => void child.kill('SIGKILL'));
  const statusOf = (path: string) =>
    fetch(`http://127.0.0.1:${metricsPort}${path}`).then(
      ({ status }) => status,
      () => undefined,
    );
  await eventually(async () => (await statusOf('/healthz')) === 200);
  expect(await statusOf('/readyz')).toBe(503);
});
