/**
 * Makes a request of an operator again while Temporal refuses it because the run is busy. A loaded server does so when it
 * is just writing to the run; then nothing of the request has happened.
 */
export async function againWhileBusy<Result>(request: () => Promise<Result>): Promise<Result> {
  for (;;) {
    try {
      return await request();
    } catch (error) {
      if (!String(error).includes('Workflow is busy')) throw error;
    }
  }
}
