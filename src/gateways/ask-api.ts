import type { z } from 'zod';
import { AdminError } from './admin.js';

const timeoutMs = 5_000;

/** How much of a response is read. */
const maxBytes = 4 * 1_048_576;

export interface Api {
  /** The provider, for people. */
  title: string;
  /** Its base, without a slash at its end. */
  url: string;
  /** The headers that authenticate. */
  headers: Readonly<Record<string, string>>;
  /** The names of the variables with the credentials. */
  credentials: string;
}

interface Question<Schema extends z.ZodType> {
  method?: 'POST' | 'PUT' | 'PATCH';
  /** An object is sent as JSON. */
  body?: object | URLSearchParams;
  schema: Schema;
}

/**
 * Asks the API of a provider once, without following redirects. Errors contain neither credentials nor what the
 * provider wrote, which may quote them.
 *
 * @param path with its query
 * @throws {AdminError} for any other answer than a 2xx of this schema, and for none within 5 s
 */
export async function askApi<Schema extends z.ZodType>(
  api: Api,
  path: string,
  { method, body, schema }: Question<Schema>,
): Promise<z.output<Schema>> {
  const response = await exchange(api, path, { method: method ?? 'GET', body });
  const { status } = response;
  if (status === 401 || status === 403)
    throw new AdminError(`${api.title} rejects ${api.credentials} (${status})`, `set ${api.credentials} correctly`);
  const asked = `${method ?? 'GET'} ${api.url}${path.replace(/\?.*/, '')}`;
  if (status < 200 || status > 299)
    throw new AdminError(
      `${asked} returned status ${status}`,
      `check the address, and whether ${api.title} is down`,
      status,
    );
  const parsed = schema.safeParse(parsedJson(response.text));
  if (!parsed.success) throw new AdminError(`${asked} returned something else than expected`, 'check the address');
  return parsed.data;
}

async function exchange(
  { title, url, headers }: Api,
  path: string,
  { method, body }: { method: string; body: object | undefined },
): Promise<{ status: number; text: string }> {
  const isForm = body instanceof URLSearchParams;
  const type = { 'content-type': isForm ? 'application/x-www-form-urlencoded' : 'application/json' };
  try {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { accept: 'application/json', ...(body && type), ...headers },
      ...(body && { body: isForm ? body.toString() : JSON.stringify(body) }),
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
    return { status: response.status, text: await limitedText(response) };
  } catch (error) {
    throw new AdminError(
      `${title} does not respond at ${url} (${reasonOf(error)})`,
      'check DNS, the firewall and the proxy',
    );
  }
}

async function limitedText({ body }: Response): Promise<string> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > maxBytes) break;
  }
  return text;
}

/** Only a code: the message of an error may contain the credentials. */
function reasonOf(error: unknown): string {
  const { name, cause } = error as { name?: string; cause?: { code?: string } };
  return name === 'TimeoutError' ? `no response within ${timeoutMs / 1_000} s` : (cause?.code ?? 'the request failed');
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
