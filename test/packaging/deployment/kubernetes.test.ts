import { describe, expect, it } from 'vitest';
import { containerOf, parts, resources } from './manifest.js';
import { services } from '../../helpers/compose-file.js';
import { isThere } from '../../helpers/project-files.js';

describe('deploy/kubernetes.yaml', () => {
  it('has the parts of a deployment, all in one namespace', () => {
    expect(resources.map(({ kind, metadata }) => `${kind} ${metadata?.name}`).sort()).toEqual([
      ...[
        'ConfigMap answerback',
        'ConfigMap answerback-worker',
        'Deployment answerback-worker',
        'Namespace answerback',
      ],
      ...['PodDisruptionBudget answerback-api', 'PodDisruptionBudget answerback-worker'],
      ...['Service answerback-api', 'Service answerback-api-pods', 'StatefulSet answerback-api'],
    ]);
    for (const { kind, metadata } of resources)
      expect(metadata?.namespace, metadata?.name).toBe(kind === 'Namespace' ? undefined : 'answerback');
  });

  it('runs the image of docker-compose.yml', () => {
    for (const part of parts) expect(containerOf(part).image).toBe(services[part]?.image);
  });

  it.each(parts)('starts the %s by a file that the build makes', (part) => {
    const [program, file = ''] = containerOf(part).command ?? [];
    expect(program).toBe('node');
    expect(isThere(file.replace(/^dist\/(.+)\.js$/, 'src/$1.ts'))).toBe(true);
  });
});
