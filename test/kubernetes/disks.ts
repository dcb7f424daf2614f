import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { nodeName } from './node-agents.js';
import type { Stops } from '../kit/stops.js';

const run = promisify(execFile);

/** Small, to be filled soon; an api without 64 MB of space is not ready. */
const megabytes = 256;

/**
 * Makes a block device for the volume of an api, as the manifest asks for, from a file. The kubelet makes the file
 * system.
 *
 * @returns the PersistentVolume
 */
export async function createDisk(folder: string, claim: string, stops: Stops) {
  const file = path.join(folder, `${claim}.img`);
  await run('truncate', ['--size', `${megabytes}M`, file]);
  const device = (await run('losetup', ['--find', '--show', file])).stdout.trim();
  stops.add(() => run('losetup', ['--detach', device]));
  const onThisNode = { key: 'kubernetes.io/hostname', operator: 'In', values: [nodeName] };
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: claim },
    spec: {
      // What the manifest asks for; nothing compares it with the device.
      capacity: { storage: '10Gi' },
      accessModes: ['ReadWriteOnce'],
      persistentVolumeReclaimPolicy: 'Retain',
      claimRef: { namespace: 'answerback', name: claim },
      local: { path: device, fsType: 'ext4' },
      nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [onThisNode] }] } },
    },
  };
}
