import { writeFileSync } from 'node:fs';
import { configurationPage } from './configuration-page.js';

/** `npm run docs:configuration`: writes docs/configuration.md. A test fails while that page is not up to date. */
writeFileSync(new URL('configuration.md', import.meta.url), configurationPage());
