import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type ControlAppOptions, createControlApp } from './app.js';
import { controlSocket, socketPathTooLong } from './control.js';

export interface ControlOptions extends ControlAppOptions {
  dataDir: string;
}

/** Listens on the control socket of a data folder for this user's commands. The caller must hold the folder's lock. */
export async function startControl({
  dataDir,
  log,
  ...appOptions
}: ControlOptions): Promise<{ close(): Promise<void> }> {
  const unavailable = (causeAndFix: string) => {
    log.warn(
      { event: 'control.failed' },
      `The commands erase, quarantine, drain and retry-stuck can't reach this api. ${causeAndFix}`,
    );
    return { close: async () => {} };
  };
  const socket = controlSocket(dataDir);
  if (socket === undefined) return unavailable(socketPathTooLong(dataDir));
  const handle = createControlApp({ ...appOptions, log }).callback();
  const server = createServer((request, response) => void handle(request, response));
  // An api that was killed leaves its socket file behind.
  await rm(socket, { force: true });
  server.listen(socket);
  try {
    await once(server, 'listening');
  } catch (error) {
    return unavailable(
      `The socket in DATA_DIR could not be created (${(error as NodeJS.ErrnoException).code}): ` +
        'set DATA_DIR to a folder on a local disk',
    );
  }
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
