/** Posts JSON once, and returns the status; 0 when there was no response within 10 s. */
export const postOnce = (url: string, body: unknown): Promise<number> =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(10_000),
  }).then(
    async (response) => (await response.arrayBuffer(), response.status),
    () => 0,
  );
