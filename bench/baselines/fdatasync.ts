import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import { createRecorder } from '../client/recorder.js';
import type { Measurement } from '../client/load.js';

/** About what one message takes in the inbox. */
const messageBytes = 300;

/** The floor of the disk: appends as many bytes as the messages have and waits for the disk, one time after the other. */
export function measureFdatasync(folder: string, { appends, messages }: { appends: number; messages: number }): Measurement {
  const file = openSync(path.join(folder, 'fdatasync.log'), 'a', 0o600);
  const record = Buffer.alloc(messageBytes * messages, 'x');
  const recorder = createRecorder();
  for (let i = 0; i < appends; i++) {
    const startedAt = performance.now();
    writeSync(file, record);
    fdatasyncSync(file);
    recorder.add(startedAt, 200);
  }
  closeSync(file);
  return recorder.result(messages);
}
