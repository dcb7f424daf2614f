import { afterEach, beforeEach, expect, it } from 'vitest';
import { addressRefused, lookupOf } from '../../src/http/allowed-addresses.js';
import { postOnce } from '../../src/http/post-once.js';
import { isPublicAddress } from '../../src/http/public-address.js';
import { type Receiver, startReceiver } from '../helpers/receiver.js';

let receiver: Receiver;
beforeEach(async () => void (receiver = await startReceiver()));
afterEach(() => receiver.close());

const post = (host: string, allows: (address: string) => boolean, url = receiver.url.replace('127.0.0.1', host)) =>
  postOnce(new URL(url), { headers: {}, body: '{}', timeoutMs: 5_000, signal: new AbortController().signal, allows });

it.each(['localhost', '127.0.0.1', '[::1]', '[::ffff:127.0.0.1]', '0x7f.1', '2130706433', '0'])(
  'nothing is sent to this machine as %s when only public addresses are allowed',
  async (host) => {
    await expect(post(host, isPublicAddress)).rejects.toMatchObject({ message: addressRefused, wentOut: false });
    expect(receiver.received).toEqual([]);
  },
);

it('the connection is made to the address that was checked, which is looked up once', async () => {
  const asked: string[] = [];
  const { status } = await post('localhost', (address) => asked.push(address) > 0 && address === '127.0.0.1');
  expect(status).toBe(204);
  expect(asked.filter((address) => address === '127.0.0.1')).toEqual(['127.0.0.1']);
});

it.each([true, false])('a lookup returns only addresses that are allowed (all: %s)', async (all) => {
  const found = (allows: (address: string) => boolean) =>
    new Promise((resolve) =>
      lookupOf(allows)('127.0.0.1', { all }, (error, addresses) => resolve(error?.code ?? addresses)),
    );
  const expected = all ? [{ address: '127.0.0.1', family: 4 }] : '127.0.0.1';
  expect(await found(() => true)).toEqual(expected);
  expect(await found(() => false)).toBe(addressRefused);
});

it('a name that does not exist is no connection', async () => {
  await expect(post('nowhere.invalid', () => true)).rejects.toMatchObject({ wentOut: false });
});
