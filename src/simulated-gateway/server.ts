import { once, setMaxListeners } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Mode } from './modes.js';
import { isOfForeignPage, namesThisMachine } from './own-page.js';
import { play } from './play.js';
import { accepts, createScript, type ScriptInput, scriptSchema } from './script.js';
import { createSent, type SentText } from './sent.js';

export interface SimulatedGateway {
  readonly url: string;
  readonly port: number;
  /** What it accepted; `count` goes on where only the newest `texts` are kept. */
  readonly sent: { readonly count: number; readonly texts: readonly SentText[]; clear(): void };
  /** Sets how the next requests go, one step each, in place of what was left; the same as `POST /script`. */
  script(steps: ScriptInput): void;
  readonly switches: Switches;
  /** Also ends the connections that hang. */
  close(): Promise<void>;
}

/** What a page on the gateway's own port can watch and set. */
export interface Switches {
  /** How it goes on where the script says nothing; the script goes first. */
  readonly mode: Mode;
  setMode(mode: Mode): void;
  /** Called with every text that it accepts from now on. */
  onSent(listener: (text: SentText) => void): void;
}

const maxBodyBytes = 4 * 1024 * 1024;

/**
 * A stand-in for SMSMobileAPI: `POST /sendsms/` in its format, `GET` and `DELETE /sent`, `GET` and `POST /script`.
 *
 * @param options.port 0 for any free one
 * @param options.page answers every request that is not the gateway's own; without it they get 404
 * @throws the system's error, such as EADDRINUSE, where it cannot listen
 */
export async function startSimulatedGateway({
  port,
  host = '127.0.0.1',
  page,
}: {
  port: number;
  host?: string;
  page?: ((switches: Switches) => RequestListener) | undefined;
}): Promise<SimulatedGateway> {
  const sent = createSent();
  const script = createScript();
  const closing = new AbortController();
  // Each answer that waits listens to it, however many there are.
  setMaxListeners(0, closing.signal);

  const switches: Switches = {
    get mode() {
      return script.mode;
    },
    setMode: (mode) => script.setMode(mode),
    onSent: (listener) => sent.onAdded(listener),
  };
  const answerOther = page?.(switches);

  async function send(request: IncomingMessage, response: ServerResponse, query: URLSearchParams) {
    const form = new URLSearchParams([...query, ...new URLSearchParams(await bodyOf(request))]);
    const to = form.get('recipients');
    const text = form.get('message');
    if (!form.get('apikey')) return json(response, 403, { error: 403, message: 'apikey is missing' });
    if (!to || !text) return json(response, 400, { error: 400, message: 'recipients or message is missing' });

    const step = script.next();
    await play(step, accepts(step) ? sent.add(to, text) : undefined, response, closing.signal);
  }

  async function setScript(request: IncomingMessage, response: ServerResponse) {
    const parsed = scriptSchema.safeParse(parseJson(await bodyOf(request)));
    if (!parsed.success) {
      const faults = parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
      return problem(response, 400, 'The script is not valid', faults);
    }
    script.set(parsed.data);
    json(response, 200, script.left());
  }

  async function route(request: IncomingMessage, response: ServerResponse) {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    // Every web site that this machine's user looks at can send requests here; a link may lead to the page.
    if (!namesThisMachine(request.headers) || (isOfForeignPage(request.headers) && pathname !== '/')) {
      return problem(response, 403, 'Only programs of this machine, and the page that is served here, may ask for this');
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
        return json(response, 200, script.left());
      case 'POST /script':
        return setScript(request, response);
      default:
        if (answerOther) return answerOther(request, response);
        return problem(response, 404, 'There is no such page');
    }
  }

  const server = createServer((request, response) => {
    route(request, response).catch((error: unknown) => {
      if (request.readableAborted || response.headersSent || closing.signal.aborted) return response.destroy();
      problem(response, 500, `The simulated gateway has a defect: ${String(error)}`);
    });
  });
  server.listen(port, host);
  await once(server, 'listening');

  const address = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`,
    port: address.port,
    sent,
    script: (steps) => script.set(steps),
    switches,
    async close() {
      closing.abort();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
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

function json(response: ServerResponse, status: number, body: unknown, type = 'application/json') {
  response.writeHead(status, { 'content-type': type }).end(JSON.stringify(body));
}

function problem(response: ServerResponse, status: number, title: string, faults?: { path: string; message: string }[]) {
  json(response, status, { type: 'about:blank', title, status, ...(faults && { faults }) }, 'application/problem+json');
}
