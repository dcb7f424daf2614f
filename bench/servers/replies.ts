/** Returns the replies that arrived at the simulated gateway; `at` is ISO 8601. */
export async function repliesOf(
  gatewayUrl: string,
): Promise<{ count: number; sent: Array<{ to: string; at: string }> }> {
  const response = await fetch(`${gatewayUrl}/sent`);
  return (await response.json()) as { count: number; sent: Array<{ to: string; at: string }> };
}
