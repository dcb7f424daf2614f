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
  /** Of the api. */
  metricsUrl: string;
  /** Process ids of the measured parts. */
  pids: Record<'api' | 'worker' | 'temporal', number>;
  /** The folder of Temporal's database. */
  temporalFolder: string;
}

/**
 * Starts api, worker, simulated gateway and Temporal, each as a separate process.
 *
 * @param account returns the variables of an account at a gateway; default: a trial
 */
export async function startSeparateProcesses(
  scope: Scope,
  account: (urls: { apiUrl: string; publicUrl: string }) => Record<string, string> = () => ({}),
): Promise<SeparateProcesses> {
  const temporalFolder = `${scope.folder}/temporal`;
  const temporal = await startTemporal(temporalFolder);
  scope.onEnd(() => temporal.stop());
  await (await connectTo(temporal.address)).close();

  const [port, gatewayPort] = [await freePort(), await freePort()];
  const gatewayUrl = `http://127.0.0.1:${gatewayPort}`;
  const settings = account({ apiUrl: gatewayUrl, publicUrl: `http://127.0.0.1:${port}` });
  const temporalAddress = temporal.address;
  const { program: api, metricsUrl } = await startApi(scope.folder, { temporalAddress, settings, port });
  scope.onEnd(() => api.stop());
  const env = {
    TEMPORAL_ADDRESS: temporalAddress,
    ANSWERBACK_SECRET: testSecret,
    GATEWAY_PORT: String(gatewayPort),
    // The simulated gateway posts receipts there.
    PORT: String(port),
    ...settings,
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
  return { port, gatewayUrl, temporalAddress, metricsUrl, pids, temporalFolder };
}
