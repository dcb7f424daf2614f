import type { Kubectl } from './kubectl.js';

/** Asks Kubernetes to evict a pod, as `kubectl drain` does: it refuses where the disruption budget does not allow it. */
export async function evict(kubectl: Kubectl, pod: string): Promise<'evicted' | 'not now'> {
  const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: pod, namespace: 'answerback' } };
  const path = `/api/v1/namespaces/answerback/pods/${pod}/eviction`;
  try {
    await kubectl.given(eviction, 'create', '--raw', path, '--filename', '-');
    return 'evicted';
  } catch (error) {
    if (String(error).includes('disruption budget')) return 'not now';
    throw error;
  }
}
