import { Gauge, type Registry } from 'prom-client';
import type { PhoneSign } from '../domain/phone-sign.js';

/** Creates the metric of the phones of gateways. A phone has no series before its first sign. */
export function createPhoneMetrics(registry: Registry) {
  const signs = new Gauge({
    name: 'answerback_phone_sign_timestamp_seconds',
    help:
      'Unix time of the last sign of a phone, by gateway, line and sign: alive, or dead (it reports that it does not ' +
      'work, or the gateway that it is offline).',
    labelNames: ['gateway', 'line', 'sign'],
    registers: [registry],
  });
  return {
    onPhone: (gateway: string, { line, sign }: PhoneSign) =>
      signs.set({ gateway, line, sign }, Math.floor(Date.now() / 1_000)),
  };
}
