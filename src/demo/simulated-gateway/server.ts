import { once, setMaxListeners } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ReceiptState } from '../../domain/receipt.js';
import type { Dialect, SentText } from './dialect.js';
import { createSmsMobileApiDialect } from './dialects/smsmobileapi.js';
import { problem } from './json-responses.js';
import type { Mode } from './modes.js';
import { createRoutes } from './routes.js';
import { createScript } from './script.js';
import { createSent } from './sent-messages.js';
import type { ScriptInput } from './step.js';

export interface SimulatedGateway {
  readonly url: string;
  readonly port: number;
  /** The accepted texts. `count` includes those that are no longer in `texts`. */
  readonly sent: { readonly count: number; readonly texts: readonly SentText[]; clear(): void };
  /** Sets the steps for the next requests and drops the remaining ones; the same as `POST /script`. */
  script(steps: ScriptInput): void;
  readonly switches: Switches;
  /** Also ends the connections that hang. */
  close(): Promise<void>;
}

/** The controls of the gateway for a page on its port. */
export interface Switches {
  /** How the gateway responds when the script has no steps left. */
  readonly mode: Mode;
  setMode(mode: Mode): void;
  /** Whether each text is posted to the webhook twice, the second time under another id of the provider. */
  readonly doublesTexts: boolean;
  setDoublesTexts(doublesTexts: boolean): void;
  /** Registers a listener that is called with each accepted text. */
  onSent(listener: (text: SentText) => void): void;
  /** Registers a listener that is called when the webhook has accepted a receipt of a text. */
  onReceipt(listener: (id: string, state: ReceiptState) => void): void;
}

const smsMobileApiDialect = createSmsMobileApiDialect({
  settings: { credentials: { signingSecrets: [] } },
  webhookUrl: 'http://127.0.0.1:8000/api/webhook/sms-received',
});

/**
 * Starts a simulated gateway: the provider's route that sends a text, `GET` and `DELETE /sent`, `GET` and
 * `POST /script`.
 *
 * @param options.dialect how it speaks; default: like SMSMobileAPI, without a webhook
 * @param options.port 0 for any free port
 * @param options.page handles all other requests; without it they get 404
 * @throws the system error, such as EADDRINUSE, when it can't listen
 */
export async function startSimulatedGateway({
  port,
  host = '127.0.0.1',
  page,
  dialect = smsMobileApiDialect,
}: {
  port: number;
  host?: string;
  dialect?: Dialect;
  page?: ((switches: Switches) => RequestListener) | undefined;
}): Promise<SimulatedGateway> {
  const sent = createSent();
  const script = createScript();
  let doublesTexts = false;
  const closing = new AbortController();
  // Every delayed response adds a listener; without this, Node warns of a leak above ten.
  setMaxListeners(0, closing.signal);

  const switches: Switches = {
    get mode() {
      return script.mode;
    },
    setMode: (mode) => script.setMode(mode),
    get doublesTexts() {
      return doublesTexts;
    },
    setDoublesTexts: (next) => void (doublesTexts = next),
    onSent: (listener) => sent.onAdded(listener),
    onReceipt: (listener) => sent.onReceipt(listener),
  };
  const route = createRoutes({ dialect, sent, script, handleOther: page?.(switches), closing: closing.signal });
  const server = createServer((request, response) => {
    route(request, response).catch((error: unknown) => {
      if (request.readableAborted || response.headersSent || closing.signal.aborted) return response.destroy();
      problem(response, 500, `The simulated gateway failed, which is a bug: ${String(error)}`);
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
