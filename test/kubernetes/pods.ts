import type { Kubectl } from './kubectl.js';

interface ContainerStatus {
  containerID: string;
  restartCount: number;
  ready: boolean;
}

export interface Pod {
  metadata: { name: string; uid: string; deletionTimestamp?: string };
  status: { podIP?: string; containerStatuses?: [ContainerStatus] };
}

/** The pods of a part that are not being deleted. */
export async function podsOf(kubectl: Kubectl, part: 'api' | 'worker'): Promise<Pod[]> {
  const selector = `app.kubernetes.io/component=${part}`;
  const { items } = await kubectl.json<{ items: Pod[] }>('--namespace', 'answerback', 'get', 'pods', '-l', selector);
  return items.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
}

/** The id by which containerd knows the container of a pod. */
export const containerOf = ({ status }: Pod): string =>
  (status.containerStatuses?.[0].containerID ?? '').replace('containerd://', '');

export const isReady = ({ status }: Pod): boolean => status.containerStatuses?.[0].ready === true;

/** Whether the container of a pod has ended, and the next one is ready. */
export async function isReplaced(kubectl: Kubectl, part: 'api' | 'worker', old: Pod): Promise<boolean> {
  const now = (await podsOf(kubectl, part)).find(({ metadata }) => metadata.uid === old.metadata.uid);
  return now !== undefined && containerOf(now) !== containerOf(old) && isReady(now);
}

/** The addresses to which kube-proxy sends new connections to the Service. */
export async function readyAddresses(kubectl: Kubectl): Promise<string[]> {
  const { items } = await kubectl.json<{
    items: Array<{ endpoints: Array<{ addresses: string[]; conditions: { ready: boolean } }> }>;
  }>('--namespace', 'answerback', 'get', 'endpointslices', '-l', 'kubernetes.io/service-name=answerback-api');
  const ready = items.flatMap(({ endpoints }) => endpoints).filter(({ conditions }) => conditions.ready);
  return ready.flatMap(({ addresses }) => addresses);
}
