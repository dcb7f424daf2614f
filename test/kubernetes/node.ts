import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { promisify } from 'node:util';
import { temporaryFolder } from '../kit/data-folder.js';
import { makeCertificates } from './certificates.js';
import { type Containerd, startContainerd } from './containerd.js';
import { startControlPlane } from './control-plane.js';
import { createDisk } from './disks.js';
import { sandboxImage } from './images.js';
import type { Kubectl } from './kubectl.js';
import { startNetwork } from './network.js';
import { startNodeAgents } from './node-agents.js';
import { createStops } from '../kit/stops.js';

const run = promisify(execFile);

export interface Node {
  kubectl: Kubectl;
  containerd: Containerd;
  /** For a kubectl outside the test. */
  kubeconfig: string;
  stop(): Promise<void>;
}

/**
 * Starts Kubernetes with this machine as its only node.
 *
 * @param images what pods are made from, by their names in Docker
 * @param claims those of PersistentVolumes, each on a disk of its own
 */
export async function startNode(images: readonly string[], claims: readonly string[]): Promise<Node> {
  const stops = createStops();
  try {
    const { path: folder } = await temporaryFolder('kubernetes');
    stops.add(() => removeRemains(folder));
    const certificates = await makeCertificates(folder);
    await startNetwork(stops);
    const containerd = await startContainerd(folder, sandboxImage, stops);
    await containerd.importImages(sandboxImage, ...images);
    const controlPlane = await startControlPlane(folder, certificates, stops);
    const { kubectl, kubeconfig } = controlPlane;
    for (const claim of claims) await kubectl.given(await createDisk(folder, claim, stops), 'apply', '--filename', '-');
    await startNodeAgents({
      ...controlPlane,
      folder,
      socket: containerd.socket,
      authority: certificates.authority,
      stops,
    });
    return { kubectl, containerd, kubeconfig, stop: () => stops.run() };
  } catch (error) {
    await stops.run();
    throw error;
  }
}

/** What a kubelet and a containerd that have ended leave: mounts, groups of processes, and links to the logs. */
async function removeRemains(folder: string): Promise<void> {
  const mounts = (await readFile('/proc/self/mounts', 'utf8')).split('\n').map((line) => line.split(' ')[1] ?? '');
  for (const mount of mounts.filter((place) => place.startsWith(`${folder}/`)).reverse()) await run('umount', [mount]);
  await run('find', ['/sys/fs/cgroup', '-depth', '-type', 'd', '-path', '*/kubepods*', '-exec', 'rmdir', '{}', ';']);
  await rm(folder, { recursive: true });
  await run('find', ['/var/log/containers', '-name', '*_answerback_*', '-xtype', 'l', '-delete']);
}
