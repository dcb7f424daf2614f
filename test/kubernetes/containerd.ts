import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { eventually } from '../kit/eventually.js';
import { startProgram } from '../kit/program.js';
import { networkPlugins } from './needs.js';
import { writeNetworkConfig } from './network.js';
import type { Stops } from '../kit/stops.js';

export interface Containerd {
  socket: string;
  /** Copies images out of the Docker engine, so that nothing is pulled. */
  importImages(...images: readonly string[]): Promise<void>;
  /** Gives an image another name. */
  tagImage(image: string, name: string): Promise<void>;
  /** Signals the first process of a container. */
  signal(container: string, signal: 'SIGKILL' | 'SIGSTOP'): Promise<void>;
}

const fullName = (image: string) => `docker.io/library/${image}`;

/** Starts a containerd of its own. @param sandboxImage holds the namespaces of a pod: an image that sleeps */
export async function startContainerd(folder: string, sandboxImage: string, stops: Stops): Promise<Containerd> {
  const socket = path.join(folder, 'containerd.sock');
  const config = path.join(folder, 'containerd.toml');
  await writeFile(config, configuration(folder, socket, await writeNetworkConfig(folder), fullName(sandboxImage)));
  const ctrArgs = ['--address', socket, '--namespace', 'k8s.io'];
  const ctr = async (...args: readonly string[]) => (await promisify(execFile)('ctr', [...ctrArgs, ...args])).stdout;

  const logFile = path.join(folder, 'containerd.log');
  const daemon = startProgram('containerd', ['--config', config], {}, { cwd: folder, logFile });
  stops.add(() => daemon.stop());
  await eventually(async () => daemon.hasEnded() || (existsSync(socket) && (await ctr('version'))), {
    withinMs: 60_000,
  });
  if (daemon.hasEnded()) throw new Error(`containerd ended:\n${daemon.output()}`);
  // Containers outlive containerd: those that are left would keep running.
  stops.add(async () => {
    const tasks = (await ctr('tasks', 'list', '--quiet')).split('\n').filter(Boolean);
    for (const task of tasks) await ctr('tasks', 'delete', '--force', task).catch(() => undefined);
  });
  return {
    socket,
    async importImages(...images) {
      const saving = spawn('docker', ['save', ...images], { stdio: ['ignore', 'pipe', 'inherit'] });
      const importing = spawn('ctr', [...ctrArgs, 'images', 'import', '-'], { stdio: ['pipe', 'ignore', 'inherit'] });
      const ended = once(importing, 'exit');
      await pipeline(saving.stdout, importing.stdin);
      const [exitCode] = (await ended) as [number];
      if (exitCode !== 0) throw new Error(`ctr did not import ${images.join(', ')}`);
    },
    tagImage: async (image, name) => void (await ctr('images', 'tag', '--force', fullName(image), fullName(name))),
    signal: async (container, signal) => void (await ctr('tasks', 'kill', '--signal', signal, container)),
  };
}

const configuration = (folder: string, socket: string, networkConfig: string, sandboxImage: string) => `version = 2
root = "${path.join(folder, 'containerd')}"
state = "${path.join(folder, 'containerd-state')}"
[grpc]
address = "${socket}"
[plugins."io.containerd.grpc.v1.cri"]
sandbox_image = "${sandboxImage}"
# A root without CAP_SYS_RESOURCE, as in some virtual machines, may not protect a pod from the kernel.
restrict_oom_score_adj = true
[plugins."io.containerd.grpc.v1.cri".cni]
bin_dir = "${networkPlugins}"
conf_dir = "${networkConfig}"
`;
