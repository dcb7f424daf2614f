import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { kubernetesProgram } from './programs.js';

/** A container that has ended. */
export interface Ended {
  pod: string;
  exitCode: number;
  /** When the pod was told to stop, and how long the stop took; not numbers for one that ended by itself. */
  toldAt: number;
  tookMs: number;
}

/** Watches how containers end, since a pod that is gone tells nothing any more. */
export interface EndedContainers {
  /** By pod and container, in the order in which they ended. */
  all(): Ended[];
  clear(): void;
  stop(): void;
}

const fields = [
  '.metadata.name',
  '.metadata.deletionTimestamp',
  '.metadata.deletionGracePeriodSeconds',
  '.status.containerStatuses[0].containerID',
  '.status.containerStatuses[0].state.terminated.exitCode',
  '.status.containerStatuses[0].state.terminated.finishedAt',
];

export function watchEnded(kubeconfig: string): EndedContainers {
  const ended = new Map<string, Ended>();
  const template = `jsonpath=${fields.map((field) => `{${field}}`).join('|')}{"\\n"}`;
  const args = [
    '--kubeconfig',
    kubeconfig,
    '--namespace',
    'answerback',
    'get',
    'pods',
    '--watch',
    '--output',
    template,
  ];
  const watching = spawn(kubernetesProgram('kubectl'), args, { stdio: ['ignore', 'pipe', 'ignore'] });
  createInterface(watching.stdout).on('line', (line) => {
    const [pod = '', deletion = '', grace = '', container = '', exitCode = '', finished = ''] = line.split('|');
    if (finished === '' || ended.has(container)) return;
    // Kubernetes notes when the grace period ends.
    const toldAt = Date.parse(deletion) - Number(grace) * 1_000;
    ended.set(container, { pod, exitCode: Number(exitCode), toldAt, tookMs: Date.parse(finished) - toldAt });
  });
  return { all: () => [...ended.values()], clear: () => ended.clear(), stop: () => void watching.kill() };
}
