import { isSupportedCountry } from 'libphonenumber-js';
import { z } from 'zod';
import { httpUrl, port } from '../../variables/kinds.js';
import type { Variable } from '../../variables/variable.js';
import { aPort, anAddress, loopback } from './expected.js';

const group = 'The webhook';

/** Where the webhook listens. Its secrets belong to the gateway that uses them. */
export const webhookVariables = {
  PORT: {
    group,
    schema: port.default(8000),
    expected: aPort,
    meaning: 'The port of the webhook.',
    default: '8000',
  },
  HOST: {
    group,
    schema: z.string().default(loopback),
    expected: anAddress,
    meaning: 'The address that the webhook listens on.',
    default: loopback,
  },
  PUBLIC_URL: {
    group,
    schema: httpUrl.transform((url) => url.replace(/\/+$/, '')).optional(),
    expected: 'the http(s) address, as the gateway calls it, up to where /api/webhook begins',
    meaning:
      'The address at which gateways reach the webhook, such as `https://sms.example.org`. Twilio signs it, httpSMS ' +
      'writes it into its token, and receipts come to it.',
  },
  DEFAULT_COUNTRY: {
    group,
    schema: z.string().refine(isSupportedCountry).optional(),
    expected: 'a country code of two capital letters (ISO 3166-1), such as US',
    meaning:
      'The country of numbers without `+` or `00`. With it, `555 000 1234` and `+1 555 000 1234` are one sender.',
    default: 'none: such numbers are kept as their digits',
  },
} as const satisfies Record<string, Variable>;
