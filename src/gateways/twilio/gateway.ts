import type { Gateway } from '../gateway.js';
import { checkAccount } from './check.js';
import { planNumber } from './connect.js';
import { routeDescription } from './description.js';
import { createInbound } from './inbound.js';
import { name } from './name.js';
import { createOutbound } from './outbound.js';
import { readSettings, settingsVariables, simulatedSettings, type TwilioSettings } from './settings.js';

/** Twilio, a provider of SMS and WhatsApp. See docs/gateways/twilio.md and https://www.twilio.com/docs/messaging */
export const twilio = {
  name,
  title: 'Twilio',
  variables: settingsVariables,
  variableNames: { key: 'TWILIO_AUTH_TOKEN', url: 'TWILIO_API_URL', secrets: ['TWILIO_AUTH_TOKEN'] },
  readSettings,
  simulatedSettings,
  createInbound,
  description: routeDescription,
  createOutbound,
  manage: (settings) => ({
    plan: (publicUrl, number) => planNumber(settings, publicUrl, number),
    check: (publicUrl) => checkAccount(settings, publicUrl),
  }),
} as const satisfies Gateway<TwilioSettings>;
