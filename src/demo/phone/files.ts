import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const types: Record<string, string> = {
  '.html': 'text/html',
  '.css': 'text/css',
  '.js': 'text/javascript',
  '.svg': 'image/svg+xml',
};

/** Reads the page's files, by the path at which they are served. The build copies them next to this file. */
export function readPageFiles(): ReadonlyMap<string, { type: string; body: Buffer }> {
  const folder = new URL('page/', import.meta.url);
  return new Map(
    readdirSync(folder).map((name) => [
      name === 'index.html' ? '/' : `/phone/${name}`,
      { type: types[path.extname(name)] ?? 'application/octet-stream', body: readFileSync(new URL(name, folder)) },
    ]),
  );
}
