import { buildServer } from './parts.js';

/** `npm run cluster:server`. */
await buildServer();
