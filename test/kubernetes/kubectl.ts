import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Certificates } from './certificates.js';
import { kubernetesProgram } from './programs.js';

/** Runs `kubectl` as the administrator, and returns what it printed on stdout. */
export interface Kubectl {
  (...args: readonly string[]): Promise<string>;
  /** With objects on its standard input, such as for `apply --filename -`. */
  given(input: unknown, ...args: readonly string[]): Promise<string>;
  /** What it printed as JSON. */
  json<Result>(...args: readonly string[]): Promise<Result>;
}

export function createKubectl(kubeconfig: string): Kubectl {
  async function kubectl(input: string, args: readonly string[]): Promise<string> {
    const running = promisify(execFile)(kubernetesProgram('kubectl'), ['--kubeconfig', kubeconfig, ...args], {
      maxBuffer: 64 * 1024 * 1024,
    });
    // It may end before it reads its input.
    running.child.stdin?.on('error', () => {});
    running.child.stdin?.end(input);
    return (await running).stdout.trim();
  }
  return Object.assign((...args: readonly string[]) => kubectl('', args), {
    given: (input: unknown, ...args: readonly string[]) =>
      kubectl(typeof input === 'string' ? input : JSON.stringify(input), args),
    json: async <Result>(...args: readonly string[]) =>
      JSON.parse(await kubectl('', [...args, '--output', 'json'])) as Result,
  });
}

/** Writes how the administrator reaches the API server, and returns the path. YAML includes JSON. */
export async function writeKubeconfig(folder: string, server: string, certificates: Certificates): Promise<string> {
  const file = path.join(folder, 'kubeconfig');
  const { authority, admin } = certificates;
  const content = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'test', cluster: { server, 'certificate-authority': authority } }],
    users: [{ name: 'admin', user: { 'client-certificate': admin.certificate, 'client-key': admin.key } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'admin' } }],
    'current-context': 'test',
  };
  await writeFile(file, JSON.stringify(content));
  return file;
}
