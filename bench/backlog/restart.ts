import { eventually } from '../../test/kit/eventually.js';
import { type ServedApi, startApi } from '../servers/answerback.js';

export interface Restarted extends ServedApi {
  /** Seconds from the start of the process to the first 200 of /readyz. */
  readySeconds: number;
}

/** Starts an api on the inbox of `folder` and measures how long it takes until it is ready. */
export async function startUntilReady(folder: string, temporalAddress: string): Promise<Restarted> {
  const startedAt = performance.now();
  const api = await startApi(folder, { temporalAddress });
  await eventually(async () => (await fetch(`http://127.0.0.1:${api.port}/readyz`)).status === 200, {
    withinMs: 600_000,
  });
  return { ...api, readySeconds: (performance.now() - startedAt) / 1_000 };
}
