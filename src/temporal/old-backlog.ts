import { existsSync } from 'node:fs';
import Database from 'better-sqlite3';
import { taskQueue } from './contract.js';

/**
 * An id is the namespace's 16 bytes, then the queue's name or that of a partition. Further behind it may stand in the name of a
 * worker's own queue, which has that of its machine.
 */
const namePlace = 17;

/**
 * Whether a server's database holds tasks that were written before there was fairness. With fairness a server reads another
 * table, and one older than 1.31 never looks into this one again: such tasks would wait for ever.
 *
 * @param file of a server that does not run
 */
export function hasOldBacklog(file: string): boolean {
  if (!existsSync(file)) return false;
  const database = new Database(file);
  try {
    const isThere = database.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'tasks'").get();
    const isOurs = "instr(task_queue_id, CAST(? AS BLOB)) = ?";
    const ours = [taskQueue, namePlace, `/_sys/${taskQueue}`, namePlace];
    return isThere !== undefined && database.prepare(`SELECT 1 FROM tasks WHERE ${isOurs} OR ${isOurs} LIMIT 1`).get(...ours) !== undefined;
  } finally {
    database.close();
  }
}
