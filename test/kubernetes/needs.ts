import { existsSync } from 'node:fs';
import path from 'node:path';

/** What runs on this machine, with the package of Debian that has it. */
const programs: Record<string, string> = {
  conntrack: 'conntrack',
  containerd: 'containerd',
  etcd: 'etcd-server',
  go: 'golang',
  ip: 'iproute2',
  iptables: 'iptables',
  losetup: 'mount',
  'mkfs.ext4': 'e2fsprogs',
  openssl: 'openssl',
};

/** Where Debian puts the network plugins. */
export const networkPlugins = '/usr/lib/cni';

/** @throws an error that names all that is missing, and the command that brings it */
export function checkNeeds(): void {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter);
  const missing = Object.entries(programs)
    .filter(([program]) => !folders.some((folder) => existsSync(path.join(folder, program))))
    .map(([, name]) => name);
  if (!existsSync(networkPlugins)) missing.push('containernetworking-plugins');
  if (missing.length > 0) throw new Error(`The test on Kubernetes needs: apt-get install ${missing.join(' ')}`);
}
