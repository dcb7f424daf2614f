import { chmod, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startDevServer } from '../../../src/temporal/dev-server/server.js';
import { freePort } from '../../kit/ports.js';
import { recordingLog } from '../../helpers/logs.js';
import { dataFolder } from '../../kit/data-folder.js';

it('syncs every commit to the disk, on macOS too', async () => {
  const folder = await dataFolder();
  onTestFinished(folder.remove);
  const binary = path.join(folder.path, 'temporal');
  await writeFile(binary, '#!/bin/sh\necho "$@"\n');
  await chmod(binary, 0o755);
  const [port, uiPort] = await Promise.all([freePort(), freePort()]);

  // The server's log holds what the program prints: its arguments. The error quotes the start of them.
  const started = startDevServer({
    binary: { path: binary, serverVersion: '1.29.1' },
    ...{ dataDir: folder.path, port, uiPort, log: recordingLog().log },
    stopping: new AbortController().signal,
    onExit: () => {},
  });
  await expect(started).rejects.toThrow('server start-dev');
  const printed = await readFile(path.join(folder.path, 'temporal-server.log'), 'utf8');
  expect([...printed.matchAll(/--sqlite-pragma (\S+)/g)].map(([, pragma]) => pragma)).toEqual([
    'journal_mode=WAL',
    'synchronous=FULL',
    'fullfsync=ON',
    'checkpoint_fullfsync=ON',
  ]);
});
