import type http from 'node:http';
import https from 'node:https';
import { createServer } from 'node:net';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { ReplyMaybeSentError, ReplyNotSentError } from '../../../src/gateways/gateway.js';
import { cert, key, trustLocalCertificate } from '../local-tls.js';
import { failure, gateway, json, listen, reply, send, useGateway } from './outbound-setup.js';

useGateway();

describe('a connection', () => {
  it('that is refused sends nothing', async () => {
    const { url } = gateway;
    await gateway.close();
    const error = await failure(send({ url }), ReplyNotSentError);
    expect(error.message).toContain('ECONNREFUSED');
  });

  it.each(['http', 'https'])('to a host without an address sends nothing (%s)', async (scheme) => {
    await failure(send({ url: `${scheme}://nowhere.invalid` }), ReplyNotSentError);
  });

  it('over TLS to a port that speaks plain HTTP sends nothing', async () => {
    await failure(send({ url: gateway.url.replace('http:', 'https:') }), ReplyNotSentError);
    expect(gateway.sent.count).toBe(0);
  });

  it.each(['times out', 'is aborted', 'is reset'])('that %s during the TLS handshake sends nothing', async (how) => {
    const abort = new AbortController();
    const server = createServer((socket) =>
      socket.once('data', () => {
        if (how === 'is aborted') abort.abort();
        if (how === 'is reset') socket.resetAndDestroy();
      }),
    );
    const url = `https://127.0.0.1:${await listen(server)}`;
    const timeoutMs = how === 'times out' ? 100 : 5000;
    await failure(send({ url, timeoutMs, signal: abort.signal }), ReplyNotSentError);
  });
});

describe('over TLS', () => {
  let requests = 0;
  beforeEach(() => {
    requests = 0;
  });

  async function tlsServer(handle: http.RequestListener, options: https.ServerOptions = {}): Promise<string> {
    const server = https.createServer({ key, cert, ...options }, (request, response) => {
      requests += 1;
      handle(request, response);
    });
    return `https://127.0.0.1:${await listen(server)}`;
  }

  it('a reply goes out to a gateway with a trusted certificate', async () => {
    trustLocalCertificate();
    const url = await tlsServer((_, response) => response.end(json({ sent: '1', id: 'abc' })));
    expect(await send({ url })).toEqual({ gatewayMessageId: 'abc' });
    expect(requests).toBe(1);
  });

  it('an untrusted certificate gets nothing, even when the environment turns verification off', async () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    const url = await tlsServer((_, response) => response.end(json({ sent: '1' })));
    const error = await failure(send({ url }), ReplyNotSentError);
    vi.unstubAllEnvs();
    expect(error.message).toContain('DEPTH_ZERO_SELF_SIGNED_CERT');
    expect(requests).toBe(0);
  });

  it('a certificate for another host gets nothing', async () => {
    trustLocalCertificate();
    const url = await tlsServer((_, response) => response.end(json({ sent: '1' })));
    const error = await failure(send({ url: url.replace('127.0.0.1', 'localhost') }), ReplyNotSentError);
    expect(error.message).toContain('ERR_TLS_CERT_ALTNAME_INVALID');
    expect(requests).toBe(0);
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)('a reset after the handshake is uncertain (%s)', async (version) => {
    trustLocalCertificate();
    const url = await tlsServer(({ socket }) => socket.destroy(), { minVersion: version, maxVersion: version });
    await failure(send({ url }), ReplyMaybeSentError);
    expect(requests).toBe(1);
  });
});

describe('an abort', () => {
  it('before sending sends nothing and opens no connection', async () => {
    let connections = 0;
    const server = createServer(() => (connections += 1));
    const url = `http://127.0.0.1:${await listen(server)}`;
    await failure(send({ url, signal: AbortSignal.abort() }), ReplyNotSentError);
    await failure(send({ url, signal: AbortSignal.abort(`to ${reply.to}`) }), ReplyNotSentError);
    expect(connections).toBe(0);
  });

  it('before the connection is open sends nothing', async () => {
    const abort = new AbortController();
    const sending = send({ signal: abort.signal });
    abort.abort(new Error(`to ${reply.to}`));
    await failure(sending, ReplyNotSentError);
    expect(gateway.sent.count).toBe(0);
  });

  it('after the request was written is uncertain', async () => {
    gateway.script([{ hang: true }]);
    const abort = new AbortController();
    const failing = failure(send({ signal: abort.signal }), ReplyMaybeSentError);
    await vi.waitUntil(() => gateway.sent.count === 1);
    abort.abort(new Error(`to ${reply.to}`));
    await failing;
    expect(gateway.sent.count).toBe(1);
  });

  it('after the response changes nothing, and the send leaves nothing behind', async () => {
    const abort = new AbortController();
    const removed = vi.spyOn(abort.signal, 'removeEventListener');
    await send({ signal: abort.signal });
    abort.abort();
    expect(removed).toHaveBeenCalledWith('abort', expect.any(Function));
    expect(gateway.sent.count).toBe(1);
  });
});
