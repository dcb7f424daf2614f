import { describe, expect, it } from 'vitest';
import { connectRaw } from '../../helpers/api.js';
import { api, body, type Bytes, chunked, postGood, get, head, outcomesIn, useApi } from './attack.js';

useApi();

/** What came, and after how many milliseconds it was over; a `drip` is sent over and over until then. */
async function untilCutOff(bytes: Bytes, drip: string) {
  const { socket, received, closed } = await connectRaw(api.port);
  const startedMs = performance.now();
  if (bytes.length > 0) socket.write(bytes);
  const dripping = setInterval(() => drip && socket.writable && socket.write(drip), 200);
  await closed;
  clearInterval(dripping);
  return { outcomes: outcomesIn(received()), tookMs: performance.now() - startedMs };
}

/** A limit, and the second in which it is looked after; what is above is for a slow machine. */
const headersTime = [4_900, 9_000] as const;
const requestTime = [9_900, 14_000] as const;

describe.concurrent('slow', () => {
  it.each<[name: string, bytes: Bytes, drip: string, outcomes: string, time: readonly [number, number]]>([
    ['a body that drips', head(`Content-Length: ${body.length * 10}`), ' ', '408 too-slow', requestTime],
    ['a body that never comes', head(`Content-Length: ${body.length}`), '', '408 too-slow', requestTime],
    ['chunks that drip', chunked(''), '1\r\n \r\n', '408 too-slow', requestTime],
    ['headers that drip', get().slice(0, -2), 'A: b\r\n', '408 too-slow', headersTime],
  ])('%s', async (_name, bytes, drip, outcomes, [least, most]) => {
    const cutOff = await untilCutOff(bytes, drip);
    expect(cutOff.outcomes).toBe(outcomes);
    expect(cutOff.tookMs).toBeGreaterThan(least);
    expect(cutOff.tookMs).toBeLessThan(most);
  });

  it('the names of headers, a method, empty lines and nothing, while 1,000 sockets are idle', async () => {
    const idle = await Promise.all(Array.from({ length: 1_000 }, () => connectRaw(api.port)));
    const startedMs = performance.now();
    const dripping = [
      untilCutOff(get().slice(0, -2), 'a'),
      untilCutOff('', 'A'),
      untilCutOff('', '\r\n'),
      untilCutOff(Buffer.alloc(0), ''),
    ];
    const posts = Array.from({ length: 20 }, postGood);
    await Promise.all(posts);
    expect(idle.filter(({ socket }) => socket.closed)).toEqual([]);
    await Promise.all(idle.map(({ closed }) => closed));
    expect(performance.now() - startedMs).toBeLessThan(headersTime[1]);
    for (const { received } of idle) expect(['', '408 too-slow']).toContain(outcomesIn(received()));
    for (const { tookMs } of await Promise.all(dripping)) expect(tookMs).toBeLessThan(headersTime[1]);
  });
});
