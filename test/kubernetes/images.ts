import { ensureEngine } from '../compose/engine.js';
import { docker } from '../compose/docker.js';
import { baseImages } from '../compose/named-images.js';
import { getImages } from '../compose/stand-ins.js';
import { projectFolder } from '../kit/program.js';

/** The image of the product, and the next one, which differs in its label only. */
export const images = { first: 'answerback-kubernetes-test:first', next: 'answerback-kubernetes-test:next' };

/** What each pod has beside its container: it sleeps, and holds the pod's network. */
export const sandboxImage = 'answerback-kubernetes-test:sandbox';

/**
 * Builds the images with the Docker engine, from which the node takes them.
 *
 * @returns a function that stops the engine again, where it was started here
 */
export async function buildImages(): Promise<() => Promise<void>> {
  const stopEngine = await ensureEngine();
  try {
    await getImages(baseImages());
    await docker('build', '--quiet', '--tag', images.first, projectFolder);
    await docker('build', '--quiet', '--tag', images.next, '--build-arg', 'REVISION=next', projectFolder);
    await docker('build', '--quiet', '--tag', sandboxImage, `${projectFolder}/test/kubernetes/sandbox`);
    return stopEngine;
  } catch (error) {
    await stopEngine();
    throw error;
  }
}
