import { spawnSync } from 'node:child_process';
import { isThere } from '../../helpers/project-files.js';
import { resources, workloadOf } from '../deployment/manifest.js';

/** Made by commands and not by the manifest. */
const madeByHand = ['answerback', 'answerback-playbook', 'answerback-temporal-tls'];

/** Files that are the reader's own. */
const ownFiles = ['-', 'playbook.yaml', 'client.pem', 'client.key'];

const isInstalled = spawnSync('kubectl', ['version', '--client']).status === 0;
if (!isInstalled)
  console.log('kubectl is not installed here: what its commands name is checked, and not how they are spelt');

/** What is wrong with a command of kubectl, as far as that can be said without a cluster. */
export function misspelt(line: string): string | undefined {
  for (const command of line.split(' | ')) {
    const wrong = unknownName(command) ?? (isInstalled ? notUnderstood(command) : undefined);
    if (wrong !== undefined) return `${command}: ${wrong}`;
  }
  return undefined;
}

function unknownName(command: string): string | undefined {
  const [namespace] = /(?<=--namespace )\S+|(?<=create namespace )\S+/.exec(command) ?? [];
  if (namespace !== 'answerback' && !command.includes('apply')) return `namespace ${namespace}`;
  const named = [...command.matchAll(/\b(statefulset|deployment)\/(\S+)/g)].map(([, kind, name]) => `${kind} ${name}`);
  const known = resources.map(({ kind, metadata }) => `${kind.toLowerCase()} ${metadata?.name}`);
  const [pod] = /(?<=exec --namespace answerback )[^\s/]+(?= )/.exec(command) ?? [];
  const [made] = /(?<=create (?:secret (?:generic|tls)|configmap) )\S+/.exec(command) ?? [];
  const files = [...command.matchAll(/--(?:filename|from-file|cert|key)[ =](\S+)/g)].map(([, file]) => file as string);
  return [
    ...named.filter((name) => !known.includes(name)),
    ...(pod !== undefined && pod.replace(/-\d+$/, '') !== workloadOf('api').metadata?.name ? [pod] : []),
    ...(command.includes('persistentvolumeclaim') && !/ data-answerback-api-\d+$/.test(command) ? ['the claim'] : []),
    ...(made !== undefined && !madeByHand.includes(made) ? [made] : []),
    ...files.filter((file) => !ownFiles.includes(file) && !isThere(file)),
  ][0];
}

/** A cluster that is not there is found only after the command has been understood. */
function notUnderstood(command: string): string | undefined {
  const { stderr } = spawnSync(
    'bash',
    ['-c', `${command.replace(/^kubectl/, 'kubectl --server http://127.0.0.1:9')} </dev/null`],
    { encoding: 'utf8' },
  );
  return /unknown|invalid|must|usage|required|error parsing/i.test(stderr) ? stderr : undefined;
}
