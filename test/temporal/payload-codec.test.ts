import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import { describe, expect, it, vi } from 'vitest';
import { createKeyring, type PayloadKey, UnreadableError } from '../../src/secrets/keyring.js';
import { createPayloadCodec } from '../../src/temporal/payload-codec.js';

const key = (id: string, fill: number): PayloadKey => ({ id, key: Buffer.alloc(32, fill) });

function codecWith(...keys: PayloadKey[]) {
  const onUnreadable = vi.fn();
  return { ...createPayloadCodec(createKeyring(keys), onUnreadable), onUnreadable };
}

const payload = defaultPayloadConverter.toPayload({ number: '+15550001234', text: 'private' });

it('a payload is sealed whole and opens unchanged', async () => {
  const codec = codecWith(key('k1', 1));
  const [sealed] = (await codec.encode([payload])) as [Payload];
  expect(
    Object.fromEntries(
      Object.entries(sealed.metadata ?? {}).map(([name, value]) => [name, Buffer.from(value).toString()]),
    ),
  ).toEqual({
    encoding: 'binary/encrypted',
    'encryption-key-id': 'k1',
  });
  expect(Buffer.from(sealed.data ?? []).toString('latin1')).not.toMatch(/private|5550001234|json/);
  const [opened] = (await codec.decode([sealed])) as [Payload];
  expect(defaultPayloadConverter.fromPayload(opened)).toEqual({ number: '+15550001234', text: 'private' });
});

it('without keys nothing is sealed, and with keys what is plain is read as it is', async () => {
  expect(await codecWith().encode([payload])).toEqual([payload]);
  expect(await codecWith(key('k1', 1)).decode([payload, {}])).toEqual([payload, {}]);
});

describe('what does not open', () => {
  const sealed = codecWith(key('k1', 1)).encode([payload]);

  it.each([
    ['for want of the key', [key('k2', 2)], /"k1", which is not in PAYLOAD_KEYS/],
    ['for want of any key', [], /"k1", which is not in PAYLOAD_KEYS/],
    ['with another key', [key('k1', 9)], /a different key named "k1"/],
  ])('%s is an error, and logged', async (_why, keys, message) => {
    const codec = codecWith(...keys);
    await expect(codec.decode(await sealed)).rejects.toThrow(message);
    expect(codec.onUnreadable).toHaveBeenCalledExactlyOnceWith(expect.any(UnreadableError));
  });

  it('after a change', async () => {
    const [{ metadata, data } = {} as Payload] = await sealed;
    const changed = Buffer.from(data ?? []);
    changed.writeUInt8(changed.readUInt8(20) ^ 1, 20);
    await expect(codecWith(key('k1', 1)).decode([{ metadata: metadata ?? null, data: changed }])).rejects.toThrow(
      /has been changed since/,
    );
  });
});
