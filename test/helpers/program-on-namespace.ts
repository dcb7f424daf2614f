import { inject, onTestFinished } from 'vitest';
import { dataFolder } from '../kit/data-folder.js';
import { freePorts } from '../kit/ports.js';
import { type Program, startProgram } from '../kit/program.js';
import { webhookSecret } from '../kit/secret.js';

/** Prepares a built program, such as `api`, on a namespace of the suite's server. Returns what starts it, again too. */
export async function programOnNamespace(
  part: string,
  namespace: string,
): Promise<(settings: Record<string, string>) => Program> {
  const data = await dataFolder();
  onTestFinished(data.remove);
  const env = {
    ...(await freePorts()),
    DATA_DIR: data.path,
    TEMPORAL_ADDRESS: inject('temporalAddress'),
    TEMPORAL_NAMESPACE: namespace,
    WEBHOOK_SECRET: webhookSecret,
  };
  return (settings) => {
    const program = startProgram(process.execPath, [`dist/${part}/main.js`], { ...env, ...settings });
    onTestFinished(() => void program.child.kill('SIGKILL'));
    return program;
  };
}
