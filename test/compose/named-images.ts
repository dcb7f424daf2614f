import { services } from '../helpers/compose-file.js';
import { read } from '../helpers/project-files.js';

/** The images of others that the Dockerfile names. */
export const baseImages = (): string[] => [
  ...new Set([...read('Dockerfile').matchAll(/^FROM (\S+:\S+)/gm)].map(([, image]) => image as string)),
];

/** The images of others that docker-compose.yml and the Dockerfile name. */
export function namedImages(): string[] {
  const ofServices = Object.values(services).flatMap(({ image, build }) => (build === undefined ? [image] : []));
  return [...new Set([...baseImages(), ...ofServices])];
}
