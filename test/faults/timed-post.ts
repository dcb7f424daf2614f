export interface TimedResponse {
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
  /** From just before the request to the last byte of the response. */
  tookMs: number;
}

export async function timedPost(url: string, body: unknown): Promise<TimedResponse> {
  const from = performance.now();
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Record<string, unknown>,
    tookMs: performance.now() - from,
  };
}
