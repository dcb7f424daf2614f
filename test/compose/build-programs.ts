import { ensureCompose } from './compose-program.js';
import { buildPrograms } from './stand-ins.js';

/** `npm run compose:programs`. */
await ensureCompose();
await buildPrograms();
