import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

/** The maximum difference between the clock of httpSMS and ours, in seconds. */
const leewaySeconds = 60;

/** Other types of token and extensions that a receiver must understand (`crit`) are refused. */
const header = z.object({ alg: z.literal('HS256'), typ: z.literal('JWT'), crit: z.undefined().optional() });

/** The issuer is the same for an installation of one's own. */
const claims = z.object({
  iss: z.literal('api.httpsms.com'),
  aud: z.union([z.string(), z.array(z.string())]).transform((aud) => [aud].flat()),
  exp: z.number(),
  nbf: z.number(),
});

export interface TokenOptions {
  /** The keys of which one must have signed it. */
  signingKeys: readonly string[];
  /** The audience that it must have. */
  webhookUrl: string;
}

/**
 * Verifies the token of a post: a JSON Web Token (RFC 7519) with HMAC-SHA256 for this webhook, valid now. Nothing of it
 * is parsed before its signature is verified: the signature is compared with that of every key, in constant time.
 */
export function isToken(token: string, { signingKeys, webhookUrl }: TokenOptions, nowMs = Date.now()): boolean {
  const [, signed, head, payload, signature] = /^(([\w-]+)\.([\w-]+))\.([\w-]{43})$/.exec(token) ?? [];
  if (!signed || !head || !payload || !signature) return false;
  const offered = Buffer.from(signature, 'base64url');
  // Base64url has several notations for some bytes. Only the one that is encoded by the standard is valid.
  const isCanonical = offered.toString('base64url') === signature;
  const matches = signingKeys.map((key) => timingSafeEqual(createHmac('sha256', key).update(signed).digest(), offered));
  if (!isCanonical || !matches.includes(true) || !read(header, head)) return false;
  const claimed = read(claims, payload);
  if (!claimed?.aud.includes(webhookUrl)) return false;
  const now = nowMs / 1_000;
  return claimed.nbf <= now + leewaySeconds && now < claimed.exp + leewaySeconds;
}

/** Returns undefined when the part is not JSON or doesn't have the expected form. */
function read<Schema extends z.ZodType>(schema: Schema, part: string): z.infer<Schema> | undefined {
  try {
    return schema.safeParse(JSON.parse(Buffer.from(part, 'base64url').toString())).data;
  } catch {
    return undefined;
  }
}
