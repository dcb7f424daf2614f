import { ConfigMap } from 'kubernetes-models/v1/ConfigMap';
import { Namespace } from 'kubernetes-models/v1/Namespace';
import { Service } from 'kubernetes-models/v1/Service';
import { Deployment } from 'kubernetes-models/apps/v1/Deployment';
import { StatefulSet } from 'kubernetes-models/apps/v1/StatefulSet';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget';
import { parseAllDocuments } from 'yaml';
import { testSecret } from '../../kit/secret.js';
import { read } from '../../helpers/project-files.js';

const models = [ConfigMap, Namespace, Service, Deployment, StatefulSet, PodDisruptionBudget];

export type Resource = InstanceType<(typeof models)[number]>;
export type Workload = Deployment | StatefulSet;

/**
 * The resources of the manifest as Kubernetes' own schema reads them.
 *
 * @throws when one is of an unknown kind, or does not fit its schema: a value, a type or a field that is missing
 */
export function readManifest(text: string): Resource[] {
  return parseAllDocuments(text, { strict: true }).map((document) => {
    if (document.errors.length > 0) throw document.errors[0] as Error;
    const data = document.toJS() as { apiVersion: string; kind: string };
    const model = models.find((known) => known.is(data));
    if (model === undefined) throw new Error(`no model of ${data.apiVersion} ${data.kind}`);
    const resource: Resource = new model(data as never);
    resource.validate();
    return resource;
  });
}

/** Those of one kind. */
export function all<Kind extends Resource>(
  resources: readonly Resource[],
  kind: new (...data: never[]) => Kind,
): Kind[] {
  return resources.filter((resource): resource is Kind => resource instanceof kind);
}

export const manifestText = read('deploy/kubernetes.yaml');

export const resources = readManifest(manifestText);

export type Part = 'api' | 'worker';
export const parts = ['api', 'worker'] as const satisfies readonly Part[];

/** What runs a part. */
export function workloadOf(part: Part): Workload {
  return (
    (part === 'api' ? all(resources, StatefulSet)[0] : all(resources, Deployment)[0]) ??
    fail(`nothing runs the ${part}`)
  );
}

export const podOf = (part: Part) => workloadOf(part).spec?.template.spec ?? fail(`the ${part} has no pod`);
export const containerOf = (part: Part) => podOf(part).containers[0] ?? fail(`the ${part} has no container`);
export const labelsOf = (part: Part) => workloadOf(part).spec?.template.metadata?.labels;

/** The keys of the Secret "answerback", as docs/deploying.md has it made. */
export const secretKeys: Record<string, string> = {
  ANSWERBACK_SECRET: testSecret,
  WEBHOOK_SECRET: 'a-secret-of-this-test',
  PAYLOAD_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64')}`,
  SMS_MOBILE_API_KEY: 'a-key-of-this-test',
};

/** A container's environment, as its pod would have it. */
export function environmentOf(part: Part): Record<string, string> {
  const { envFrom = [], env = [] } = containerOf(part);
  const configMaps = all(resources, ConfigMap);
  const shared = envFrom
    .flatMap(({ configMapRef }) => (configMapRef ? [configMapRef] : []))
    .map(
      (configMapRef) =>
        configMaps.find(({ metadata }) => metadata?.name === configMapRef.name)?.data ??
        fail(`there is no ConfigMap ${configMapRef.name}`),
    );
  const own = env.map(({ name, value, valueFrom }) => ({
    [name]: value ?? secretKeys[valueFrom?.secretKeyRef?.key ?? ''] ?? '',
  }));
  return Object.assign({}, ...shared, ...own) as Record<string, string>;
}

function fail(what: string): never {
  throw new Error(`deploy/kubernetes.yaml: ${what}`);
}
