import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { serviceNetwork } from './control-plane.js';
import type { Stops } from '../kit/stops.js';

const ip = (...args: string[]) => promisify(execFile)('ip', args);

/** Pods and this machine reach each other over a bridge of their own. */
export const bridge = 'answerback-k8s';
const podNetwork = '10.244.0.0/24';

/** This machine, as pods reach it. */
export const machineAddress = '10.244.0.1';

/** Makes the bridge, and the route to Services, which kube-proxy turns to pods. */
export async function startNetwork(stops: Stops): Promise<void> {
  if (existsSync(`/sys/class/net/${bridge}`))
    throw new Error(`Another run uses ${bridge}. If one was killed, remove it with: ip link delete ${bridge}`);
  await ip('link', 'add', bridge, 'type', 'bridge');
  stops.add(() => ip('link', 'delete', bridge));
  await ip('address', 'add', `${machineAddress}/24`, 'dev', bridge);
  await ip('link', 'set', bridge, 'up');
  await ip('route', 'add', serviceNetwork, 'dev', bridge);
}

/** Writes how containerd connects a pod to the bridge, and returns the folder. */
export async function writeNetworkConfig(folder: string): Promise<string> {
  const configFolder = path.join(folder, 'cni');
  await mkdir(configFolder);
  const plugin = {
    type: 'bridge',
    bridge,
    isGateway: true,
    ipam: {
      type: 'host-local',
      dataDir: path.join(folder, 'addresses'),
      ranges: [[{ subnet: podNetwork }]],
      routes: [{ dst: '0.0.0.0/0' }],
    },
  };
  await writeFile(
    path.join(configFolder, 'bridge.conflist'),
    JSON.stringify({ cniVersion: '0.4.0', name: 'answerback-test', plugins: [plugin] }),
  );
  return configFolder;
}
