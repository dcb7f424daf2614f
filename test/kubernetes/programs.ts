import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { defaultCacheFolder } from '../../src/temporal/dev-server/program.js';

const run = promisify(execFile);
const env = process.env as Record<string, string>;

const version = '1.34.2';
const folder = path.join(defaultCacheFolder(env), `kubernetes-${version}`);

/** The programs of a node, and of what controls it. */
const names = [
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kube-proxy',
  'kubelet',
  'kubectl',
] as const;

export type KubernetesProgram = (typeof names)[number];

/** Where the program is, once it is built. */
export const kubernetesProgram = (name: KubernetesProgram): string => path.join(folder, name);

/** Builds Kubernetes with Go, unless that was done before. It takes about 10 minutes. */
export async function buildKubernetes(): Promise<void> {
  const missing = names.filter((name) => !existsSync(kubernetesProgram(name)));
  if (missing.length === 0) return;
  console.log(`Building Kubernetes ${version}, once, which takes about 10 minutes …`);
  const building = path.join(folder, 'building');
  await mkdir(building, { recursive: true });
  await writeFile(path.join(building, 'go.mod'), await moduleFile());
  const [major, minor] = version.split('.');
  // Without a version of its own, kubectl refuses the server.
  const settings = Object.entries({ gitVersion: `v${version}`, gitMajor: major, gitMinor: minor });
  const versions = settings.map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`);
  for (const name of missing) {
    const args = ['build', '-mod=mod', '-ldflags', ['-s', '-w', ...versions].join(' '), '-o', `${name}.built`];
    await run('nice', ['-n', '19', 'go', ...args, `k8s.io/kubernetes/cmd/${name}`], {
      cwd: building,
      env: { ...env, CGO_ENABLED: '0' },
      maxBuffer: 64 * 1024 * 1024,
    });
    await rename(path.join(building, `${name}.built`), kubernetesProgram(name));
  }
}

/** Kubernetes cannot be installed by its name: its module replaces others by folders of its own, which are modules too. */
async function moduleFile(): Promise<string> {
  const { stdout: downloaded } = await run('go', ['mod', 'download', '-json', `k8s.io/kubernetes@v${version}`]);
  const { GoMod } = JSON.parse(downloaded) as { GoMod: string };
  const { stdout: read } = await run('go', ['mod', 'edit', '-json', GoMod]);
  const { Go, Replace } = JSON.parse(read) as { Go: string; Replace: Array<{ Old: { Path: string } }> };
  return [
    'module answerback.test/kubernetes',
    `go ${Go}`,
    `require k8s.io/kubernetes v${version}`,
    ...Replace.map(({ Old }) => `replace ${Old.Path} => ${Old.Path} v${version.replace(/^1/, '0')}`),
    '',
  ].join('\n');
}
