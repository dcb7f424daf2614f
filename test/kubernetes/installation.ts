import { webhookPath } from '../helpers/api.js';
import { testSecret, webhookSecret } from '../kit/secret.js';
import type { Kubectl } from './kubectl.js';
import { manifest, type ManifestSettings } from './manifest.js';

type Part = 'api' | 'worker';

/** The product, installed as docs/deploying.md says. */
export interface Installation {
  /** The webhook, at the address of the Service. */
  webhook: string;
  /** kubectl in the namespace of the product. */
  kubectl: (...args: readonly string[]) => Promise<string>;
  /** Applies the file with other images, and waits until both parts are rolled out. */
  apply(images: ManifestSettings['images']): Promise<void>;
  rolledOut(part: Part): Promise<void>;
  /** Runs a command in a pod. */
  inside(pod: string, ...command: readonly string[]): Promise<string>;
}

export const workload = { api: 'statefulset/answerback-api', worker: 'deployment/answerback-worker' } as const;

/** The webhook at the address of the Service or of a pod. */
export const webhookAt = (address: string): string => `http://${address}:8000${webhookPath}/${webhookSecret}`;

export async function install(
  kubectl: Kubectl,
  { settings, payloadKeys }: Pick<ManifestSettings, 'settings'> & { payloadKeys: string },
): Promise<Installation> {
  const inNamespace = (...args: readonly string[]) => kubectl('--namespace', 'answerback', ...args);
  const secrets = {
    ANSWERBACK_SECRET: testSecret,
    WEBHOOK_SECRET: webhookSecret,
    PAYLOAD_KEYS: payloadKeys,
    SMS_MOBILE_API_KEY: 'a-key',
  };
  await kubectl('create', 'namespace', 'answerback');
  const literals = Object.entries(secrets).map(([name, value]) => `--from-literal=${name}=${value}`);
  await inNamespace('create', 'secret', 'generic', 'answerback', ...literals);

  async function rolledOut(part: Part): Promise<void> {
    await inNamespace('rollout', 'status', workload[part], '--timeout=180s');
  }
  async function apply(images: ManifestSettings['images'] = {}): Promise<void> {
    await kubectl.given(manifest({ settings, images }), 'apply', '--filename', '-');
    await rolledOut('api');
    await rolledOut('worker');
  }
  await apply();
  const address = await inNamespace('get', 'service', 'answerback-api', '--output', 'jsonpath={.spec.clusterIP}');
  return {
    webhook: webhookAt(address),
    kubectl: inNamespace,
    apply,
    rolledOut,
    inside: (pod, ...command) => inNamespace('exec', pod, '--', ...command),
  };
}
