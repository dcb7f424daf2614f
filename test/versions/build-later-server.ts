import { buildLaterServer } from './later-server.js';

/** `npm run versions:server`. */
await buildLaterServer();
