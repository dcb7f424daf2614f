import { execFile } from 'node:child_process';
import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../kit/ports.js';
import { eventually } from '../kit/eventually.js';
import { startProgram } from '../kit/program.js';
import type { Certificates } from './certificates.js';
import type { Containerd } from './containerd.js';
import type { ControlPlane } from './control-plane.js';
import { bridge, machineAddress } from './network.js';
import { kubernetesProgram } from './programs.js';
import type { Stops } from '../kit/stops.js';

export const nodeName = 'answerback-test';

interface NodeAgentsOptions extends ControlPlane, Pick<Containerd, 'socket'>, Pick<Certificates, 'authority'> {
  /** Keeps what they write. */
  folder: string;
  stops: Stops;
}

/** Starts the kubelet, which runs the pods, and kube-proxy, which sends what goes to a Service to its ready pods. */
export async function startNodeAgents(options: NodeAgentsOptions): Promise<void> {
  await startKubelet(options);
  await startProxy(options);
  await eventually(() => options.kubectl('wait', 'node', nodeName, '--for=condition=Ready', '--timeout=90s'), {
    withinMs: 120_000,
  });
}

const logOf = (folder: string, name: string) => ({ cwd: folder, logFile: path.join(folder, `${name}.log`) });

async function startKubelet(options: NodeAgentsOptions): Promise<void> {
  const { folder, kubeconfig, kubectl, socket, authority, stops } = options;
  const config = path.join(folder, 'kubelet.json');
  await writeFile(config, JSON.stringify(kubeletConfig(folder, socket, authority, await freePort())));
  const kubelet = startProgram(
    kubernetesProgram('kubelet'),
    [
      `--config=${config}`,
      `--kubeconfig=${kubeconfig}`,
      `--root-dir=${path.join(folder, 'kubelet')}`,
      `--cert-dir=${path.join(folder, 'kubelet-certificates')}`,
      `--hostname-override=${nodeName}`,
      `--node-ip=${machineAddress}`,
    ],
    {},
    logOf(folder, 'kubelet'),
  );
  stops.add(() => kubelet.stop());
  stops.add(() => removePods(kubectl));
}

async function startProxy({ folder, kubeconfig, stops }: NodeAgentsOptions): Promise<void> {
  const [health, metrics] = [await freePort(), await freePort()];
  const proxyArgs = [
    `--kubeconfig=${kubeconfig}`,
    `--hostname-override=${nodeName}`,
    '--proxy-mode=iptables',
    `--healthz-bind-address=127.0.0.1:${health}`,
    `--metrics-bind-address=127.0.0.1:${metrics}`,
    // These two leave settings of this machine's kernel as they are.
    '--conntrack-max-per-core=0',
    '--iptables-localhost-nodeports=false',
  ];
  const proxy = startProgram(kubernetesProgram('kube-proxy'), proxyArgs, {}, logOf(folder, 'kube-proxy'));
  stops.add(async () => {
    await proxy.stop();
    await removeRules();
  });
}

const kubeletConfig = (folder: string, socket: string, authority: string, port: number) => ({
  apiVersion: 'kubelet.config.k8s.io/v1beta1',
  kind: 'KubeletConfiguration',
  address: machineAddress,
  port,
  healthzPort: 0,
  authentication: { anonymous: { enabled: false }, webhook: { enabled: true }, x509: { clientCAFile: authority } },
  authorization: { mode: 'Webhook' },
  containerRuntimeEndpoint: `unix://${socket}`,
  cgroupDriver: 'cgroupfs',
  failCgroupV1: false,
  failSwapOn: false,
  // Its rules would stay in iptables.
  makeIPTablesUtilChains: false,
  podLogsDir: path.join(folder, 'pod-logs'),
  volumePluginDir: path.join(folder, 'volume-plugins'),
  // A disk or a memory that is nearly full for other reasons is not what is tested.
  evictionHard: { 'memory.available': '0%', 'nodefs.available': '0%', 'imagefs.available': '0%' },
  imageGCHighThresholdPercent: 100,
});

/** Removes the rules of kube-proxy from iptables; it leaves one chain itself, because a kubelet may share it. */
async function removeRules(): Promise<void> {
  const run = promisify(execFile);
  await run(kubernetesProgram('kube-proxy'), ['--cleanup']);
  for (const program of ['iptables', 'ip6tables']) {
    const iptables = (...args: string[]) => run(program, args).catch(() => undefined);
    for (const chain of ['INPUT', 'OUTPUT']) await iptables('--delete', chain, '--jump', 'KUBE-FIREWALL');
    await iptables('--flush', 'KUBE-FIREWALL');
    await iptables('--delete-chain', 'KUBE-FIREWALL');
  }
}

/** Ends all pods at once, and waits until their networks are gone with them. */
async function removePods(kubectl: ControlPlane['kubectl']): Promise<void> {
  await kubectl('delete', 'namespace', 'answerback', '--ignore-not-found', '--wait=false');
  await kubectl('delete', 'pods', '--all', '--all-namespaces', '--grace-period=1', '--wait=false');
  await eventually(async () => (await readdir(`/sys/class/net/${bridge}/brif`)).length === 0, { withinMs: 60_000 });
}
