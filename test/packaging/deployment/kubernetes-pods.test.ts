import { stopWaits } from '../../../src/domain/waiting.js';
import { StatefulSet } from 'kubernetes-models/apps/v1/StatefulSet';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget';
import { describe, expect, it } from 'vitest';
import { all, containerOf, environmentOf, labelsOf, parts, podOf, resources, workloadOf } from './manifest.js';

/** Made only where they are wanted. */
const optionalVolumes = ['answerback-temporal-tls', 'answerback-playbook'];

/** The volumes that outlive a pod. */
const claims = all(resources, StatefulSet)[0]?.spec?.volumeClaimTemplates ?? [];

describe('a pod', () => {
  /** What src/process.ts gives an orderly stop. */
  const stopSeconds = stopWaits.processMs / 1_000;

  it.each(parts)('of the %s has the time to stop', (part) => {
    const { preStop } = containerOf(part).lifecycle ?? {};
    expect(podOf(part).terminationGracePeriodSeconds).toBeGreaterThan((preStop?.sleep?.seconds ?? 0) + stopSeconds);
  });

  it('of the api accepts posts until it is out of every load balancer', () => {
    expect(containerOf('api').lifecycle?.preStop?.sleep?.seconds).toBeGreaterThanOrEqual(5);
  });

  it.each(parts)('of the %s has no rights, as the namespace asks (pod security: restricted)', (part) => {
    expect(podOf(part)).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 1000,
        fsGroup: 1000,
        seccompProfile: { type: 'RuntimeDefault' },
      },
    });
    expect(containerOf(part).securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
  });

  it.each(parts)('of the %s mounts what it declares, and nothing twice', (part) => {
    const templates = part === 'api' ? claims : [];
    const declared = [
      ...(podOf(part).volumes ?? []).map((volume) => volume.name),
      ...templates.map(({ metadata }) => metadata?.name),
    ];
    const mounts = containerOf(part).volumeMounts ?? [];
    expect(mounts.map((mount) => mount.name).sort()).toEqual(declared.sort());
    expect(new Set(mounts.map(({ mountPath }) => mountPath)).size).toBe(mounts.length);
    // A file of its own would not follow the changes of a ConfigMap.
    for (const { subPath } of mounts) expect(subPath).toBeUndefined();
    for (const { secret: mounted, configMap } of podOf(part).volumes ?? []) {
      if (mounted || configMap)
        expect([
          mounted?.optional ?? configMap?.optional,
          optionalVolumes.includes(mounted?.secretName ?? configMap?.name ?? ''),
        ]).toEqual([true, true]);
    }
  });

  it('of the api keeps its inbox on a volume that outlives it', () => {
    const [claim, ...others] = claims;
    expect(others).toEqual([]);
    const mount = containerOf('api').volumeMounts?.find(({ name }) => name === claim?.metadata?.name);
    expect(mount?.mountPath).toBe(environmentOf('api')['DATA_DIR']);
    expect(all(resources, StatefulSet)[0]?.spec?.persistentVolumeClaimRetentionPolicy).toEqual({
      whenScaled: 'Retain',
      whenDeleted: 'Retain',
    });
    expect(environmentOf('api')['ACK_AFTER']).toBeUndefined();
  });

  it.each(parts)('of the %s is one of several, on different nodes, and not all stop at once', (part) => {
    const [workload, labels] = [workloadOf(part), labelsOf(part)];
    expect(workload.spec?.replicas).toBeGreaterThanOrEqual(2);
    expect(workload.spec?.selector.matchLabels).toEqual(labels);
    expect(podOf(part).topologySpreadConstraints?.map(({ labelSelector }) => labelSelector?.matchLabels)).toEqual([
      labels,
    ]);
    const budgets = all(resources, PodDisruptionBudget).filter(
      ({ spec }) => JSON.stringify(spec?.selector?.matchLabels) === JSON.stringify(labels),
    );
    expect(budgets.map(({ spec }) => spec?.maxUnavailable)).toEqual([1]);
  });
});
