import { readFileSync } from 'node:fs';
import { z } from 'zod';

const read = z.object({ version: z.string(), engines: z.object({ node: z.string() }) });

/** What the package says of itself. */
export const packageFile = read.parse(JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')));
