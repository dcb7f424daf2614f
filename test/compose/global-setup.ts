import { ensureCompose } from './compose-program.js';
import { ensureEngine } from './engine.js';
import { getImages } from './stand-ins.js';

/** Starts the Docker engine where none runs, and gets the images of others. */
export default async function setup() {
  const stopEngine = await ensureEngine();
  try {
    await ensureCompose();
    await getImages();
  } catch (error) {
    await stopEngine();
    throw error;
  }
  return stopEngine;
}
