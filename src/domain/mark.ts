/** The end of the id of a run that begins when the carrier refused a reply whose run had ended. */
export const refusedSuffix = '.refused';

/** One send: the run that made it, and which deliberate send of that run it is, from 1. */
export interface MarkedSend {
  workflowId: string;
  send: number;
}

/**
 * Returns our id of one send, which comes back in receipts: `<workflow id>.<number>`, and `<id>.r<number>` for a run
 * `<id>.refused`, since some gateways accept at most 36 characters.
 */
export function markOf({ workflowId, send }: MarkedSend): string {
  return workflowId.endsWith(refusedSuffix)
    ? `${workflowId.slice(0, -refusedSuffix.length)}.r${send}`
    : `${workflowId}.${send}`;
}

/** Reads a mark. Undefined: it isn't one of ours. */
export function readMark(mark: string): MarkedSend | undefined {
  const [, id, isRefused, send] = /^(.{1,1000})\.(r?)([1-9]\d{0,5})$/s.exec(mark) ?? [];
  if (id === undefined) return undefined;
  return { workflowId: isRefused ? `${id}${refusedSuffix}` : id, send: Number(send) };
}
