import { createHmac } from 'node:crypto';

/** The headers by which the provider signs a post. */
export function signedHeaders(
  body: string | Buffer,
  secret: string,
  { atMs = Date.now(), as = 'X-SMSMobileAPI-Signature' } = {},
): Record<string, string> {
  const timestamp = String(Math.floor(atMs / 1_000));
  const signature = createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest('hex');
  return { 'X-SMSMobileAPI-Timestamp': timestamp, [as]: `v1=${signature}` };
}
