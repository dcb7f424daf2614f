import { buildKubernetes } from './programs.js';

/** `npm run kubernetes:programs`. */
await buildKubernetes();
