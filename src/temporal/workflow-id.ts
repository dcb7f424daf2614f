import { hashedId } from '../secrets/hashed-id.js';

/**
 * Returns the workflow id of a message: its GUID if Temporal's Web UI can show it, else its hash. The Web UI shows 404
 * for ids with slashes, spaces and similar characters (temporalio/ui#668, #1987). Postgres holds 255 characters.
 */
export function workflowIdFor(guid: string): string {
  if (/^[A-Za-z0-9._-]{1,200}$/.test(guid) && guid !== '.' && guid !== '..') return guid;
  return hashedId(guid);
}
