import { freePort } from '../../test/kit/ports.js';
import { leftOverServer } from '../../test/kit/data-folder.js';
import { ready } from '../../test/kit/program.js';
import type { Scope } from '../scope.js';
import { startApi } from './answerback.js';
import { startProgram } from './program.js';
import { testSecret } from '../../test/kit/secret.js';
import { connectTo, startTemporal } from '../../test/kit/temporal.js';

export interface SeparateProcesses {
  port: number;
  gatewayUrl: string;
  temporalAddress: string;
  /** Process ids of the measured parts. */
  pids: Record<'api' | 'worker' | 'temporal', number>;
  /** The folder of Temporal's database. */
  temporalFolder: string;
}

/** Starts api, worker, simulated gateway and Temporal, each as a separate process. */
export async function startSeparateProcesses(scope: Scope): Promise<SeparateProcesses> {
  const temporalFolder = `${scope.folder}/temporal`;
  const temporal = await startTemporal(temporalFolder);
  scope.onEnd(() => temporal.stop());
  await (await connectTo(temporal.address)).close();

  const { port, program: api } = await startApi(scope.folder, { temporalAddress: temporal.address });
  scope.onEnd(() => api.stop());
  const env = {
    TEMPORAL_ADDRESS: temporal.address,
    ANSWERBACK_SECRET: testSecret,
    GATEWAY_PORT: String(await freePort()),
    METRICS_PORT: String(await freePort()),
  };
  const start = async (main: string, words: string) => {
    const program = startProgram(process.execPath, [`dist/${main}/main.js`], { env, folder: scope.folder, name: main });
    scope.onEnd(() => program.stop());
    return ready(program, words);
  };
  await start('demo', 'gateway.started');
  const worker = await start('worker', 'worker.started');
  const pids = { api: api.pid, worker: worker.pid, temporal: (await leftOverServer(temporalFolder)) as number };
  return {
    port,
    gatewayUrl: `http://127.0.0.1:${env.GATEWAY_PORT}`,
    temporalAddress: temporal.address,
    pids,
    temporalFolder,
  };
}
