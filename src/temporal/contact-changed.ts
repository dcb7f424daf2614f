import { setTimeout as sleep } from 'node:timers/promises';
import { OperatorError } from '../process/errors.js';

/** The server refuses to start a workflow within a second of the last start with its id. */
const retry = { tries: 10, waitMs: 250 } as const;

/** Thrown when a contact was changed between the look at it and the change that depends on the look. */
export class ContactChangedError extends OperatorError {
  constructor() {
    super('The contact was changed at the same moment', 'run this again');
  }
}

/** Makes a change to a contact, which looks at it first, and makes it again when it fails. */
export async function retried<Result>(change: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries++) {
    try {
      return await change();
    } catch (error) {
      if (tries === retry.tries) throw error;
      await sleep(retry.waitMs);
    }
  }
}

/** For a change that isn't needed when another one was faster. */
export function ignoringChange(error: unknown): void {
  if (!(error instanceof ContactChangedError)) throw error;
}
