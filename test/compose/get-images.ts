import { ensureCompose } from './compose-program.js';
import { ensureEngine } from './engine.js';
import { getImages } from './stand-ins.js';

/** `npm run compose:images`. */
const stopEngine = await ensureEngine();
try {
  await ensureCompose();
  await getImages();
} finally {
  await stopEngine();
}
