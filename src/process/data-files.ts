import path from 'node:path';

/** The files in the data folder that a backup has. */

export const inboxFile = (dataDir: string): string => path.join(dataDir, 'inbox.sqlite');

/** The secret that `npm start` made. */
export const secretFile = (dataDir: string): string => path.join(dataDir, 'secret');

/** The embedded server's database, by its minor version, because a newer server doesn't migrate an older file. */
export const serverFile = (dataDir: string, serverVersion: string): string =>
  path.join(dataDir, `temporal-${serverVersion.split('.').slice(0, 2).join('.')}.sqlite`);

/** Whether a file in the data folder is the database of an embedded server, of any version. */
export const isServerFile = (name: string): boolean => /^temporal-.*\.sqlite$/.test(name);
