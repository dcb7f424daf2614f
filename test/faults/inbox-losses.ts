import { setTimeout as sleep } from 'node:timers/promises';
import { openInboxFile } from '../../src/inbox/schema.js';
import { createDiskImage } from './disk-image.js';
import { freeze } from './freeze.js';
import { waitingIn } from '../helpers/inbox-file.js';
import { seed } from './random.js';
import { startInboxWriter } from './writer.js';
import { type OnFinished, sync } from './sync.js';

/** How many acknowledged GUIDs a power cut takes from the inbox, with nothing else on the disk. */
export async function lostByInbox(
  synchronous: 'FULL' | 'NORMAL',
  random: () => number,
  onFinished: OnFinished,
): Promise<number> {
  const disk = await createDiskImage(256);
  onFinished(disk.remove);
  const writer = await startInboxWriter(disk.folder, synchronous);
  onFinished(writer.kill);
  // So that it is only commits that can be lost, not the file as such.
  await sync(disk.folder);
  await sleep(random() * 1_000);
  await freeze([writer.pid]);
  const left = await disk.copy();
  onFinished(left.remove);
  const acknowledged = await writer.acknowledged();
  await writer.kill();

  // As a start opens it.
  openInboxFile(left.folder).close();
  const kept = new Set(waitingIn(left.folder));
  const lost = acknowledged.filter((guid) => !kept.has(guid)).length;
  console.log(
    `inbox, synchronous=${synchronous} (seed ${seed}): ${lost} of ${acknowledged.length} acknowledged texts lost`,
  );
  return lost;
}
