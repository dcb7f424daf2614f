import { parseAllDocuments } from 'yaml';
import { read } from '../helpers/project-files.js';

/** What an operator writes into deploy/kubernetes.yaml. */
export interface ManifestSettings {
  /** By ConfigMap. */
  settings: Record<string, Record<string, string>>;
  /** The images, by container; the file names {@link namedImage}. */
  images?: Partial<Record<'api' | 'worker', string>>;
}

/** The image that deploy/kubernetes.yaml names. */
export const namedImage = /image: (answerback:\S+)/.exec(read('deploy/kubernetes.yaml'))?.[1] ?? '';

/** deploy/kubernetes.yaml with settings and images; all else stays as it is written. */
export function manifest({ settings, images = {} }: ManifestSettings): string {
  const documents = parseAllDocuments(read('deploy/kubernetes.yaml'));
  for (const document of documents) {
    const { kind, metadata } = document.toJS() as { kind: string; metadata: { name: string } };
    const containers = ['spec', 'template', 'spec', 'containers', 0];
    if (kind === 'ConfigMap')
      for (const [name, value] of Object.entries(settings[metadata.name] ?? {})) document.setIn(['data', name], value);
    const image = images[document.getIn([...containers, 'name']) as 'api' | 'worker'];
    if (image !== undefined) document.setIn([...containers, 'image'], image);
  }
  return documents.map(String).join('---\n');
}
