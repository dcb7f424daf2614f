import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { json, problem } from './json-responses.js';
import { isCrossSite, namesThisMachine } from './same-origin.js';
import type { AskedText, Dialect } from './dialect.js';
import { postReceipts } from './receipts.js';
import { respond } from './respond.js';
import type { Script } from './script.js';
import { type Sent, sentTextOf } from './sent-messages.js';
import { accepts, scriptSchema } from './step.js';

const maxBodyBytes = 4 * 1024 * 1024;

/** Whether a path is of the page that shares the port. */
const isOfPage = (path: string) => path === '' || path === '/favicon.ico' || path.startsWith('/phone/');

export interface RouteOptions {
  dialect: Dialect;
  sent: Sent;
  script: Script;
  /** Handles all other requests; without it they get 404. */
  handleOther: RequestListener | undefined;
  /** Aborted when the gateway closes. */
  closing: AbortSignal;
}

/** Creates the handler of all requests: the provider's route, and those that read and control the gateway. */
export function createRoutes({ dialect, sent, script, handleOther, closing }: RouteOptions) {
  async function send(asked: AskedText, response: ServerResponse) {
    const step = script.next();
    const text = sentTextOf(asked);
    // The dialect may refuse the same text from now on, also when its response never comes.
    const accepted = accepts(step) ? dialect.accepted(text) : undefined;
    if (accepted) sent.add(text);
    const usual = { accepted: () => accepted ?? dialect.accepted(text), failed: dialect.failed };
    await respond(step, usual, response, closing);
    if (accepted)
      await postReceipts(step, {
        postsOf: (state) => dialect.postsOfReceipt(text, state),
        onAccepted: (state) => sent.receipt(text.id, state),
        closing,
      });
  }

  function setScript(body: string, response: ServerResponse) {
    const parsed = scriptSchema.safeParse(parseJson(body));
    if (!parsed.success) {
      const faults = parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
      return problem(response, 400, 'The script is not valid', faults);
    }
    script.set(parsed.data);
    json(response, 200, script.remaining());
  }

  return async function route(request: IncomingMessage, response: ServerResponse) {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    // Any web site that the user visits can send requests here. Only links to the page are allowed from other sites.
    if (!namesThisMachine(request.headers) || (isCrossSite(request.headers) && pathname !== '/')) {
      return problem(response, 403, 'Only programs on this machine and the page of this gateway may send requests');
    }
    const [method, path] = [request.method ?? '', pathname.replace(/\/$/, '')];
    switch (`${method} ${path}`) {
      case 'GET /sent':
        return json(response, 200, { count: sent.count, sent: sent.texts });
      case 'DELETE /sent':
        sent.clear();
        return response.writeHead(204).end();
      case 'GET /script':
        return json(response, 200, script.remaining());
      case 'POST /script':
        return setScript(await bodyOf(request), response);
    }
    if (!isOfPage(path)) {
      const apiRequest = { method, pathname: path, query: searchParams, headers: request.headers };
      const asked = dialect.readSend({ ...apiRequest, body: await bodyOf(request) });
      if (asked && 'status' in asked) return json(response, asked.status, asked.body);
      if (asked) return send(asked, response);
    }
    if (handleOther && isOfPage(path)) return handleOther(request, response);
    return problem(response, 404, 'This page does not exist');
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBodyBytes) request.destroy();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
