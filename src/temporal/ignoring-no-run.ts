import { WorkflowNotFoundError } from '@temporalio/client';

/** Resolves with undefined when Temporal has no such run, or it is closed already. */
export async function ignoringNoRun<Result>(call: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}
