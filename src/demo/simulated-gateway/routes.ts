import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { json, problem } from './json-responses.js';
import { isCrossSite, namesThisMachine } from './same-origin.js';
import { respond } from './respond.js';
import type { Script } from './script.js';
import type { Sent } from './sent-messages.js';
import { accepts, scriptSchema } from './step.js';

const maxBodyBytes = 4 * 1024 * 1024;

export interface RouteOptions {
  sent: Sent;
  script: Script;
  /** Handles all other requests; without it they get 404. */
  handleOther: RequestListener | undefined;
  /** Aborted when the gateway closes. */
  closing: AbortSignal;
}

/** Creates the handler of all requests: the provider's route, and those that read and control the gateway. */
export function createRoutes({ sent, script, handleOther, closing }: RouteOptions) {
  async function send(request: IncomingMessage, response: ServerResponse, query: URLSearchParams) {
    const form = new URLSearchParams([...query, ...new URLSearchParams(await bodyOf(request))]);
    const to = form.get('recipients');
    const text = form.get('message');
    if (!form.get('apikey')) return json(response, 403, { error: 403, message: 'apikey is missing' });
    if (!to || !text) return json(response, 400, { error: 400, message: 'recipients or message is missing' });

    const step = script.next();
    await respond(step, accepts(step) ? sent.add(to, text) : undefined, response, closing);
  }

  async function setScript(request: IncomingMessage, response: ServerResponse) {
    const parsed = scriptSchema.safeParse(parseJson(await bodyOf(request)));
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
    switch (`${request.method} ${pathname.replace(/\/$/, '')}`) {
      case 'GET /sendsms':
      case 'POST /sendsms':
        return send(request, response, searchParams);
      case 'GET /sent':
        return json(response, 200, { count: sent.count, sent: sent.texts });
      case 'DELETE /sent':
        sent.clear();
        return response.writeHead(204).end();
      case 'GET /script':
        return json(response, 200, script.remaining());
      case 'POST /script':
        return setScript(request, response);
      default:
        if (handleOther) return handleOther(request, response);
        return problem(response, 404, 'This page does not exist');
    }
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
