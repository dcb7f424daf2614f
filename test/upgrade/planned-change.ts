import type { Client } from '@temporalio/client';
import { queryInbox } from '../helpers/inbox-file.js';

/** Whether a run went the way that the patch `next` adds to the workflow: it waits for a second. */
export async function wentTheNewWay(client: Client, guid: string): Promise<boolean> {
  const { events } = await client.workflow.getHandle(guid).fetchHistory();
  return (events ?? []).some(
    ({ timerStartedEventAttributes: timer }) => Number(timer?.startToFireTimeout?.seconds ?? 0) === 1,
  );
}

/** Whether the inbox of a folder has the column that the patch `next` adds to it. */
export const hasNewColumn = (folder: string): boolean =>
  queryInbox(folder, "SELECT 1 FROM pragma_table_info('entries') WHERE name = 'characters'").length === 1;
