import { namedImage } from './manifest.js';
import { randomBytes } from 'node:crypto';
import { Client } from '@temporalio/client';
import { createKeyring } from '../../src/secrets/keyring.js';
import { createDataConverter } from '../../src/temporal/data-converter.js';
import { connectTemporal } from '../../src/temporal/connect.js';
import type { SimulatedGateway } from '../../src/demo/simulated-gateway/server.js';
import { startCluster } from '../cluster/cluster.js';
import { startGatewayForContainers } from '../compose/gateway-for-containers.js';
import { silentLog } from '../helpers/logs.js';
import { type Relay, startRelay } from '../helpers/relay.js';
import { quietRuntime } from '../kit/temporal.js';
import { type EndedContainers, watchEnded } from './ended.js';
import { images } from './images.js';
import { type Installation, install } from './installation.js';
import { machineAddress } from './network.js';
import { type Node, startNode } from './node.js';
import { createStops } from '../kit/stops.js';

/** The product on Kubernetes, and around it what it needs, on this machine. */
export interface Scene {
  node: Node;
  installation: Installation;
  gateway: SimulatedGateway;
  /** Between the pods and the Temporal server. */
  temporal: Relay;
  client: Client;
  ended: EndedContainers;
  /** Where numbers for texts begin that no other text has: the gateway tells texts apart by them. */
  nextIndex: () => number;
  stop(): Promise<void>;
}

const claims = [0, 1, 2].map((index) => `data-answerback-api-${index}`);

/** What a send takes, so that some are under way whenever a worker stops. */
const sendMs = 1_000;

/** Starts the node, a Temporal on Postgres and the simulated gateway, and installs the product. */
export async function startScene(): Promise<Scene> {
  const stops = createStops();
  try {
    const cluster = await startCluster();
    stops.add(() => cluster.stop());
    const node = await startNode(Object.values(images), claims);
    stops.add(() => node.stop());
    await node.containerd.tagImage(images.first, namedImage);
    const temporal = await startRelay(cluster.address, machineAddress);
    stops.add(() => temporal.close());
    const forContainers = await startGatewayForContainers();
    stops.add(() => forContainers.close());
    const { gateway, port } = forContainers;
    gateway.script([{ delayMs: sendMs, times: 100_000 }]);

    const key = randomBytes(32);
    const installation = await install(node.kubectl, {
      settings: {
        answerback: { TEMPORAL_ADDRESS: temporal.address },
        'answerback-worker': {
          SMS_AUTO_REPLY_ENABLED: 'true',
          SMS_MOBILE_API_URL: `http://${machineAddress}:${port}`,
        },
      },
      payloadKeys: `k1:${key.toString('base64')}`,
    });

    quietRuntime();
    const { connection } = await connectTemporal({ connectionOptions: { address: cluster.address } });
    stops.add(() => connection.close());
    const dataConverter = createDataConverter(createKeyring([{ id: 'k1', key }]), silentLog);
    const client = new Client({ connection, dataConverter });
    const ended = watchEnded(node.kubeconfig);
    stops.add(() => ended.stop());
    let index = 0;
    const nextIndex = () => (index += 10_000);
    return { node, installation, gateway, temporal, client, ended, nextIndex, stop: () => stops.run() };
  } catch (error) {
    await stops.run();
    throw error;
  }
}
