import { readFile } from 'node:fs/promises';
import { connectTemporal } from '../../src/temporal/connect.js';
import { ensureNamespace } from '../../src/temporal/namespace.js';
import { prepareRuntime } from '../../src/temporal/runtime.js';
import { eventually } from '../../test/helpers/eventually.js';
import { freePort } from '../../test/helpers/free-port.js';
import { silentLog } from '../../test/helpers/logs.js';
import { leftOverServer } from '../../test/helpers/product.js';
import type { Scope } from '../scope.js';
import { startApi } from '../servers/answerback.js';
import { startProgram } from '../servers/program.js';
import { startTemporal } from '../servers/temporal.js';

export interface Parts {
  port: number;
  gatewayUrl: string;
  /** Process ids of what is measured. */
  pids: Record<'api' | 'worker' | 'temporal', number>;
  /** Where the inbox and Temporal's database are. */
  folders: { inbox: string; temporal: string };
}

/** Api, worker, simulated gateway and Temporal, each a process of its own. */
export async function startParts(scope: Scope): Promise<Parts> {
  const temporalFolder = `${scope.folder}/temporal`;
  const temporal = await startTemporal(temporalFolder);
  scope.onEnd(() => temporal.stop());
  prepareRuntime(silentLog);
  const { connection } = await connectTemporal({ connectionOptions: { address: temporal.address } }, { retryForMs: 30_000 });
  await ensureNamespace(connection, 'default');
  await connection.close();

  const { port, program: api } = await startApi(scope.folder, { temporalAddress: temporal.address });
  scope.onEnd(() => api.stop());
  const env = { TEMPORAL_ADDRESS: temporal.address, GATEWAY_PORT: String(await freePort()), METRICS_PORT: String(await freePort()) };
  const start = async (main: string, ready: string) => {
    const program = startProgram(process.execPath, [`dist/${main}/main.js`], { env, folder: scope.folder, name: main });
    scope.onEnd(() => program.stop());
    await eventually(async () => (await readFile(program.logFile, 'utf8')).includes(ready), { withinMs: 60_000 });
    return program;
  };
  await start('simulated-gateway', 'gateway.ready');
  const worker = await start('worker', 'worker.ready');
  const pids = { api: api.pid, worker: worker.pid, temporal: (await leftOverServer(temporalFolder)) as number };
  return { port, gatewayUrl: `http://127.0.0.1:${env.GATEWAY_PORT}`, pids, folders: { inbox: `${scope.folder}/data`, temporal: temporalFolder } };
}
