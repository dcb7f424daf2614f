import { buildServer } from './cluster-programs.js';

/** `npm run cluster:server`. */
await buildServer();
