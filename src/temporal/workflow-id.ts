import { createHash } from 'node:crypto';

/**
 * The workflow id of a message: its GUID where Temporal's Web UI can show it, else `guid-` and the GUID's SHA-256 in hex.
 * The Web UI answers 404 for ids with slashes, spaces and the like (temporalio/ui#668, #1987), and Postgres holds 255 characters.
 */
export function workflowIdFor(guid: string): string {
  if (/^[A-Za-z0-9._-]{1,200}$/.test(guid) && guid !== '.' && guid !== '..') return guid;
  return `guid-${createHash('sha256').update(guid).digest('hex')}`;
}
