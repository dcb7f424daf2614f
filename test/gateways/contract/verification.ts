import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { GatewaySettings, RequestHead } from '../../../src/gateways/gateway.js';
import { inboundOptions } from '../../helpers/gateways.js';
import type { ContractCases } from '../contract.js';

interface Request {
  body?: string | Buffer;
  headers?: RequestHead['headers'];
  target?: string;
  settings?: GatewaySettings;
}

/** Whether the gateway accepts only what its provider signed. */
export function describeVerification({ gateway, settings, signature }: ContractCases): void {
  const { vector, sign, validForMs, otherSecret } = signature;

  /** Verifies a request as the api does; by default the vector. */
  function isVerified({ body = vector.body, headers = vector.headers, target = vector.target, ...own }: Request = {}) {
    const inbound = gateway.createInbound(own.settings ?? settings, inboundOptions);
    const query = Object.fromEntries(new URL(target, 'http://localhost').searchParams);
    const verification = inbound.verify({ headers, query, target });
    return typeof verification === 'function' ? verification(Buffer.from(body)) : verification === 'verified';
  }
  const signed = (from: GatewaySettings) => sign(vector.body, { target: vector.target, at: vector.at, settings: from });

  describe('a post', () => {
    beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: vector.at }));
    afterEach(() => void vi.useRealTimers());

    it('with the signature of the vector is accepted', () => {
      expect(isVerified()).toBe(true);
      expect(isVerified({ headers: signed(settings) })).toBe(true);
    });

    it('without one of the headers, or with an empty one, is refused', () => {
      for (const name of Object.keys(vector.headers)) {
        expect(isVerified({ headers: { ...vector.headers, [name]: undefined } }), name).toBe(false);
        expect(isVerified({ headers: { ...vector.headers, [name]: '' } }), name).toBe(false);
      }
    });

    it('with a header twice is refused', () => {
      for (const [name, value] of Object.entries(vector.headers)) {
        expect(isVerified({ headers: { ...vector.headers, [name]: `${value}, ${value}` } }), name).toBe(false);
        expect(isVerified({ headers: { ...vector.headers, [name]: [value, value] } }), name).toBe(false);
      }
    });

    it('with one character of a header changed is refused', () => {
      for (const [name, value] of Object.entries(vector.headers)) {
        const middle = Math.floor(value.length / 2);
        const changed = value.slice(0, middle) + (value[middle] === '0' ? '1' : '0') + value.slice(middle + 1);
        expect(isVerified({ headers: { ...vector.headers, [name]: changed } }), name).toBe(false);
      }
    });

    it('that was signed by another secret is refused', () => {
      expect(isVerified({ settings: otherSecret })).toBe(false);
      expect(isVerified({ headers: signed(otherSecret) })).toBe(false);
      expect(isVerified({ headers: signed(otherSecret), settings: otherSecret })).toBe(true);
    });

    it.skipIf(signature.body !== 'signed')('with one byte of its body changed is refused', () => {
      const bytes = Buffer.from(vector.body);
      for (const at of [0, Math.floor(bytes.length / 2), bytes.length - 1]) {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] as number) ^ 1;
        expect(isVerified({ body: changed }), `byte ${at}`).toBe(false);
      }
      for (const body of ['', vector.body.slice(0, -1), `${vector.body} `]) expect(isVerified({ body })).toBe(false);
    });

    it.skipIf(signature.body === 'signed')('whose body is not signed can be confirmed by the provider', () => {
      if (signature.body === 'signed') return;
      const inbound = gateway.createInbound(signature.body.confirmedWith, inboundOptions);
      expect('confirm' in inbound).toBe(true);
    });

    it.skipIf(validForMs === 'none')('whose time limit is over is refused', () => {
      vi.setSystemTime(vector.at.getTime() + Number(validForMs) - 1_000);
      expect(isVerified()).toBe(true);
      vi.setSystemTime(vector.at.getTime() + Number(validForMs) + 1_000);
      expect(isVerified()).toBe(false);
      vi.setSystemTime(vector.at.getTime() - Number(validForMs) - 1_000);
      expect(isVerified()).toBe(false);
    });
  });
}
