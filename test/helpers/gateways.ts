import type { InboundOptions, OutboundReply } from '../../src/gateways/gateway.js';
import { smsMobileApi } from '../../src/gateways/sms-mobile-api/gateway.js';
import type { Credentials } from '../../src/gateways/sms-mobile-api/settings.js';
import { testSecret } from '../kit/secret.js';
import { senderOf } from './messages.js';

export const inboundOptions: InboundOptions = { senderOf, secret: testSecret };

/** The inbound side of SMSMobileAPI with these secrets. */
export const smsMobileApiInbound = (credentials: Credentials = { signingSecrets: [] }) =>
  smsMobileApi.createInbound({ ...smsMobileApi.simulatedSettings('http://127.0.0.1'), credentials }, inboundOptions);

/** A reply that is about to be sent. */
export const aReply = (overrides: Partial<OutboundReply> = {}): OutboundReply => ({
  to: '+15550001111',
  text: 'Thank you',
  mark: 'guid-1.1',
  validForMs: 3_600_000,
  isUrgent: false,
  ...overrides,
});
