import path from 'node:path';
import { freePortNumbers } from '../kit/ports.js';
import { startProgram } from '../kit/program.js';
import { eventually } from '../kit/eventually.js';
import { type Certificates } from './certificates.js';
import { type Kubectl, createKubectl, writeKubeconfig } from './kubectl.js';
import { type KubernetesProgram, kubernetesProgram } from './programs.js';
import type { Stops } from '../kit/stops.js';

/** Addresses of Services. No machine has them: kube-proxy sends what goes there to pods. */
export const serviceNetwork = '10.96.0.0/16';

export interface ControlPlane {
  kubeconfig: string;
  kubectl: Kubectl;
}

/** Starts etcd, the API server, and what acts on its objects, all on loopback. */
export async function startControlPlane(
  folder: string,
  certificates: Certificates,
  stops: Stops,
): Promise<ControlPlane> {
  const { authority, server, admin, accounts } = certificates;
  const [etcdPort, peerPort, port] = (await freePortNumbers(3)) as [number, number, number];
  const kubeconfig = await writeKubeconfig(folder, `https://127.0.0.1:${port}`, certificates);
  const kubectl = createKubectl(kubeconfig);

  function start(program: string, name: string, args: Record<string, string>) {
    const flags = Object.entries(args).map(([flag, value]) => `--${flag}=${value}`);
    const started = startProgram(program, flags, {}, { cwd: folder, logFile: path.join(folder, `${name}.log`) });
    stops.add(() => started.stop());
    return started;
  }
  const startPart = (name: KubernetesProgram, args: Record<string, string>) =>
    start(kubernetesProgram(name), name, args);

  const [etcd, peers] = [`http://127.0.0.1:${etcdPort}`, `http://127.0.0.1:${peerPort}`];
  start('etcd', 'etcd', {
    'data-dir': path.join(folder, 'etcd'),
    'listen-client-urls': etcd,
    'advertise-client-urls': etcd,
    'listen-peer-urls': peers,
    'initial-advertise-peer-urls': peers,
    'initial-cluster': `default=${peers}`,
  });
  const apiServer = startPart('kube-apiserver', {
    'etcd-servers': etcd,
    'bind-address': '127.0.0.1',
    'secure-port': String(port),
    'client-ca-file': authority,
    'tls-cert-file': server.certificate,
    'tls-private-key-file': server.key,
    'kubelet-client-certificate': admin.certificate,
    'kubelet-client-key': admin.key,
    'kubelet-preferred-address-types': 'InternalIP',
    'authorization-mode': 'Node,RBAC',
    'service-account-issuer': 'https://kubernetes.default.svc',
    'service-account-key-file': accounts.certificate,
    'service-account-signing-key-file': accounts.key,
    'service-cluster-ip-range': serviceNetwork,
    'endpoint-reconciler-type': 'none',
  });
  await eventually(async () => apiServer.hasEnded() || (await kubectl('get', '--raw', '/readyz')), {
    withinMs: 120_000,
  });
  if (apiServer.hasEnded()) throw new Error(`the API server ended:\n${apiServer.output()}`);
  startPart('kube-controller-manager', {
    kubeconfig,
    'leader-elect': 'false',
    'secure-port': '0',
    'root-ca-file': authority,
    'service-account-private-key-file': accounts.key,
  });
  startPart('kube-scheduler', { kubeconfig, 'leader-elect': 'false', 'secure-port': '0' });
  return { kubeconfig, kubectl };
}
