import { existsSync } from 'node:fs';
import Database from 'better-sqlite3';
import { taskQueue } from './contract.js';

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
    // The id holds the queue's name, and that of its partitions; those of a single worker's queues are theirs.
    return isThere !== undefined && database.prepare('SELECT 1 FROM tasks WHERE instr(task_queue_id, ?) > 0 LIMIT 1').get(Buffer.from(taskQueue)) !== undefined;
  } finally {
    database.close();
  }
}
