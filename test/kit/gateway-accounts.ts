import { telnyx } from '../../src/gateways/telnyx/gateway.js';

/** The gateways whose receipts name a send. */
export const gatewaysWithReceipts = ['smsgate', 'twilio', 'httpsms', 'telnyx'] as const;
export type GatewayWithReceipts = (typeof gatewaysWithReceipts)[number];

/**
 * Returns the variables of a real account at each gateway, whose API is at `apiUrl`. The simulated gateway signs for
 * Telnyx with a key that it has in its source.
 */
export function accountVariables(name: GatewayWithReceipts, apiUrl: string): Record<string, string> {
  const accounts: Record<GatewayWithReceipts, Record<string, string>> = {
    smsgate: {
      SMSGATE_URL: `${apiUrl}/3rdparty/v1`,
      SMSGATE_USER: 'ABCDEF',
      SMSGATE_PASSWORD: 'a-password',
      SMSGATE_SIGNING_KEY: 'a-signing-key',
    },
    twilio: {
      TWILIO_ACCOUNT_SID: `AC${'2'.repeat(32)}`,
      TWILIO_AUTH_TOKEN: '3'.repeat(32),
      TWILIO_API_URL: apiUrl,
    },
    httpsms: {
      HTTPSMS_API_KEY: 'a-key',
      HTTPSMS_SIGNING_KEY: 'a-signing-key-of-a-test',
      HTTPSMS_API_URL: apiUrl,
    },
    telnyx: {
      TELNYX_API_KEY: 'KEY-of-a-test',
      TELNYX_PUBLIC_KEY: telnyx.simulatedSettings(apiUrl, '').publicKey,
      TELNYX_API_URL: apiUrl,
    },
  };
  return accounts[name];
}
