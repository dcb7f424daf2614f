import { readFileSync } from 'node:fs';
import { z } from 'zod';

const schema = z.object({ version: z.string(), engines: z.object({ node: z.string() }) });

/** The fields of package.json that the program uses. */
export const packageFile = schema.parse(
  JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')),
);
