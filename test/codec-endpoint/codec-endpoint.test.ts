import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ApiServer, listen } from '../../src/http/server.js';
import { type Access, createCodecApp } from '../../src/codec-endpoint/app.js';
import { createKeyring } from '../../src/secrets/keyring.js';
import { createPayloadCodec } from '../../src/temporal/payload-codec.js';
import { silentLog } from '../helpers/logs.js';

const token = 'a-codec-token-01234';
const uiOrigin = 'http://localhost:8233';
const codecOf = (fill: number, id = 'k1') =>
  createPayloadCodec(createKeyring([{ id, key: Buffer.alloc(32, fill) }]), () => {});
const codec = codecOf(1);

let server: ApiServer;
let url: string;
async function start(access: Access): Promise<void> {
  server = await listen(createCodecApp({ codec, access, origins: [uiOrigin], log: silentLog }), {
    port: 0,
    host: '127.0.0.1',
  });
  url = `http://127.0.0.1:${server.port}`;
}
beforeEach(() => start({ token }));
afterEach(() => server.close());

interface Json {
  metadata?: Record<string, string>;
  data?: string;
}

function jsonOf({ metadata, data }: Payload): Json {
  const base64 = (bytes: Uint8Array | null | undefined) => Buffer.from(bytes ?? []).toString('base64');
  return {
    metadata: Object.fromEntries(Object.entries(metadata ?? {}).map(([name, value]) => [name, base64(value)])),
    data: base64(data),
  };
}

const plain = jsonOf(defaultPayloadConverter.toPayload({ text: 'Yes, I agree' }));
const sealedBy = async (by: typeof codec) =>
  (await by.encode([defaultPayloadConverter.toPayload({ text: 'Yes, I agree' })])).map(jsonOf);

const post = (path: string, body: unknown, headers: Record<string, string> = { authorization: `Bearer ${token}` }) =>
  fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

const payloadsOf = async (response: Response) => ((await response.json()) as { payloads: Json[] }).payloads;
const shown = ({ data }: Json) => JSON.parse(Buffer.from(data ?? '', 'base64').toString()) as unknown;

it('decodes what is sealed and leaves what is not', async () => {
  const response = await post('/decode', { payloads: [...(await sealedBy(codec)), plain, {}] });
  expect(response.status).toBe(200);
  expect(await payloadsOf(response)).toEqual([plain, plain, {}]);
});

it('encodes what is then decoded to the same', async () => {
  const [sealed] = await payloadsOf(await post('/encode', { payloads: [plain] }));
  expect(JSON.stringify(sealed)).not.toContain(plain.data);
  expect(await payloadsOf(await post('/decode', { payloads: [sealed] }))).toEqual([plain]);
});

it('says in its place why a payload does not open, and shows the others', async () => {
  const [changed = {}] = await sealedBy(codec);
  const bytes = Buffer.from(changed.data ?? '', 'base64');
  bytes.writeUInt8(bytes.readUInt8(30) ^ 1, 30);
  const payloads = [
    ...(await sealedBy(codecOf(9))),
    ...(await sealedBy(codecOf(2, 'k2'))),
    { ...changed, data: bytes.toString('base64') },
    ...(await sealedBy(codec)),
  ];
  expect((await payloadsOf(await post('/decode', { payloads }))).map(shown)).toEqual([
    { unreadable: expect.stringContaining('a different key named "k1"') as unknown },
    { unreadable: expect.stringContaining('"k2", which is not in PAYLOAD_KEYS') as unknown },
    { unreadable: expect.stringContaining('has been changed since') as unknown },
    { text: 'Yes, I agree' },
  ]);
});

it.each([
  [''],
  ['{'],
  [[]],
  [{ payloads: 7 }],
  [{ payloads: [{ data: 'not base64!' }] }],
  [{ payloads: [{ metadata: { a: 7 } }] }],
])('%j is an error of the client', async (body) => {
  const response = await post('/decode', body);
  expect([400, 422]).toContain(response.status);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
});

it('a page of history over 1 MiB is decoded', async () => {
  const payloads = Array<Json>(20_000).fill(plain);
  expect(await payloadsOf(await post('/decode', { payloads }))).toHaveLength(20_000);
});

describe('who may use it', () => {
  it.each([{}, { authorization: token }, { authorization: `Bearer ${token}x` }, { authorization: 'Bearer ' }])(
    'not a client with %j',
    async (headers) => {
      const response = await post('/decode', { payloads: [plain] }, headers);
      expect(response.status).toBe(401);
      expect(await response.text()).not.toContain(token);
    },
  );

  it('with the token as the path, a client that knows it', async () => {
    await server.close();
    await start({ path: '/a-secret-path' });
    expect((await post('/a-secret-path/decode', { payloads: [plain] }, {})).status).toBe(200);
    for (const path of ['/decode', '/a-secret-pat/decode', '//decode', '/a-secret-path']) {
      expect((await post(path, { payloads: [plain] }, {})).status).toBe(404);
    }
  });

  it('the page of the Web UI, and no other origin', async () => {
    const preflight = (origin: string) =>
      fetch(`${url}/decode`, {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'authorization,content-type,x-namespace',
        },
      });
    const allowed = await preflight(uiOrigin);
    expect(allowed.status).toBe(204);
    expect(allowed.headers.get('access-control-allow-origin')).toBe(uiOrigin);
    expect(allowed.headers.get('access-control-allow-headers')).toContain('x-namespace');
    const asked = await post('/decode', { payloads: [plain] }, { authorization: `Bearer ${token}`, origin: uiOrigin });
    expect(asked.headers.get('access-control-allow-origin')).toBe(uiOrigin);
    for (const origin of ['http://localhost:8234', 'https://localhost:8233', 'null', 'http://localhost:8233.example']) {
      expect((await preflight(origin)).headers.get('access-control-allow-origin')).toBeNull();
      expect(
        (await post('/decode', { payloads: [plain] }, { authorization: `Bearer ${token}`, origin })).headers.get(
          'access-control-allow-origin',
        ),
      ).toBeNull();
    }
  });

  it('by no other way', async () => {
    expect((await fetch(`${url}/decode`, { headers: { authorization: `Bearer ${token}` } })).status).toBe(405);
    expect((await post('/', { payloads: [] })).status).toBe(404);
  });
});
