import { Client, type WorkflowHandle } from '@temporalio/client';
import { inject } from 'vitest';
import { taskQueue, workflowType } from '../../src/domain/names.js';
import { startSimulatedGateway } from '../../src/demo/simulated-gateway/server.js';
import { signed } from '../gateways/smsgate/posts.js';
import { startFakeOpenAi } from '../helpers/fake-openai.js';
import { aMessage } from '../helpers/messages.js';
import { freePorts } from '../kit/ports.js';
import { dataFolder } from '../kit/data-folder.js';
import { startBuiltApi, startBuiltWorker } from '../kit/product.js';
import { connectForTest, namespaceForTest } from '../helpers/suite-temporal.js';
import { opened, secret } from './opened.js';

/** Starts a message of a version that no worker knows: the workflow throws in each of its tasks. */
export async function failWorkflowTask(client: Client): Promise<WorkflowHandle> {
  const message = { ...aMessage(), version: 99 };
  return client.workflow.start(workflowType, { taskQueue, workflowId: message.id, args: [message] });
}

const smsGate = { SMSGATE_USER: 'user', SMSGATE_PASSWORD: 'password', SMSGATE_SIGNING_KEY: 'k3y-from-the-phone' };

/** Posts what a phone of SMSGate says of itself. */
async function postPing(api: string, status: string): Promise<void> {
  const body = JSON.stringify({ event: 'system:ping', deviceId: 'dev-1', id: status, payload: { health: { status } } });
  const posted = await fetch(`${api}/api/webhook/smsgate`, { method: 'POST', headers: signed(body), body });
  if (posted.status !== 200) throw new Error(`the ping got ${posted.status}`);
}

/** Api and worker as processes of their own, in a namespace of their own. */
export async function startApiAndWorker() {
  const temporal = await connectForTest();
  const namespace = await namespaceForTest(temporal);
  const [gateway, openai, folder, ports, workerPorts] = await Promise.all([
    startSimulatedGateway({ port: 0 }),
    startFakeOpenAi(),
    dataFolder(),
    freePorts(),
    freePorts(),
  ]);
  opened.push(
    () => temporal.close(),
    () => gateway.close(),
    () => openai.close(),
    folder.remove,
  );
  const env = {
    ...ports,
    DATA_DIR: folder.path,
    TEMPORAL_ADDRESS: inject('temporalAddress'),
    TEMPORAL_NAMESPACE: namespace,
    WEBHOOK_SECRET: secret,
    SMS_MOBILE_API_KEY: 'key',
    SMS_MOBILE_API_URL: gateway.url,
    SMS_AUTO_REPLY_ENABLED: 'true',
    REPLIES_PER_DAY: '1000',
    OPENAI_API_KEY: 'key',
    OPENAI_BASE_URL: openai.baseURL,
  };
  const [api, worker] = await Promise.all([
    startBuiltApi({ ...env, ...smsGate }),
    startBuiltWorker({ ...env, METRICS_PORT: workerPorts.METRICS_PORT }),
  ]);
  opened.push(
    () => api.stop(),
    () => worker.stop(),
  );
  const client = new Client({ connection: temporal.connection, namespace });
  const postPings = async (statuses = ['fail', 'pass']) => {
    for (const status of statuses) await postPing(`http://127.0.0.1:${env.PORT}`, status);
  };
  return {
    client,
    postPings,
    api: env.METRICS_PORT,
    worker: workerPorts.METRICS_PORT,
    webhook: api.webhook,
    gateway,
    openai,
  };
}
