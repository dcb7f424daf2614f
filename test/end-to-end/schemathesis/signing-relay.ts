import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { allCases } from '../../gateways/contract/load.js';

/** What a client that can't sign sends as each header of a signature, or as its bearer token. */
export const toBeSigned = 'to-be-signed';

/** The gateways whose posts need it. SMSMobileAPI's need a secret, which any client can send. */
export const signingCases = allCases.filter(({ gateway }) => gateway.name !== 'smsmobileapi');

export interface SigningRelay {
  port: number;
  /** How many posts to each of their webhooks got which response, such as `/api/webhook/telnyx, signed: 200`. */
  responses: Record<string, number>;
  close: () => void;
}

/**
 * Starts a relay on a free port in front of an api that has the accounts of the contract cases. In a post it replaces
 * `toBeSigned` by the signature of the body. All other bytes pass unchanged.
 */
export async function startSigningRelay(apiPort: number): Promise<SigningRelay> {
  const responses: SigningRelay['responses'] = {};
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const api = connect(apiPort, '127.0.0.1');
    let kept: Buffer = Buffer.alloc(0);
    let kind: string | undefined;
    client.on('data', (bytes) => {
      kept = Buffer.concat([kept, bytes]);
      for (let request = firstRequest(kept); request; request = firstRequest(kept)) {
        kept = kept.subarray(request.head.length + request.body.length);
        const signed = sign(request);
        kind = signed.kind;
        api.write(Buffer.concat([Buffer.from(signed.head, 'latin1'), request.body]));
      }
    });
    api.on('data', (bytes) => {
      if (kind) count(responses, `${kind}: ${bytes.toString('latin1', 'HTTP/1.1 '.length, 'HTTP/1.1 200'.length)}`);
      kind = undefined;
      client.write(bytes);
    });
    for (const [socket, other] of [[client, api] as const, [api, client] as const]) {
      sockets.add(socket);
      socket.setNoDelay();
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroySoon();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    responses,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

function count(counts: Record<string, number>, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1;
}

interface Request {
  /** In latin1, with the empty line at its end. */
  head: string;
  body: Buffer;
}

/** Returns the first request in these bytes, once it is complete. A body has a Content-Length. */
function firstRequest(bytes: Buffer): Request | undefined {
  const bodyAt = bytes.indexOf('\r\n\r\n') + 4;
  if (bodyAt < 4) return undefined;
  const head = bytes.toString('latin1', 0, bodyAt);
  const end = bodyAt + Number(/^content-length: *(\d+)\r$/im.exec(head)?.[1] ?? 0);
  return bytes.length < end ? undefined : { head, body: bytes.subarray(bodyAt, end) };
}

/** Returns the head with its signature, and the kind of a post to one of their webhooks. */
function sign({ head, body }: Request): { head: string; kind?: string } {
  const [, target = '', path] = /^POST (([^ ?]*)[^ ]*) /.exec(head) ?? [];
  const signature = signingCases.find(({ gateway }) => gateway.description.path === path)?.signature;
  if (!signature) return { head };
  let signed = head;
  for (const [name, value] of Object.entries(signature.sign(body, { target, at: new Date() }))) {
    const header = new RegExp(`^(${name}: )(Bearer )?${toBeSigned}\r$`, 'im');
    if (!header.test(head)) return { head, kind: `${path}, unsigned` };
    signed = signed.replace(header, `$1${value}\r`);
  }
  return { head: signed, kind: `${path}, signed` };
}
