import type { Gateway } from '../gateway.js';
import { planByHand } from './connect.js';
import { routeDescription } from './description.js';
import { name } from './name.js';
import { createInbound } from './inbound.js';
import { createOutbound } from './outbound.js';
import { readSettings, settingsVariables, simulatedSettings, type SmsMobileApiSettings } from './settings.js';
import { postByHand } from './post-by-hand.js';

/**
 * SMSMobileAPI, an SMS gateway on an Android phone or an iPhone. See docs/gateways/smsmobileapi.md and
 * https://smsmobileapi.com/doc
 */
export const smsMobileApi = {
  name,
  title: 'SMSMobileAPI',
  variables: settingsVariables,
  variableNames: {
    key: 'SMS_MOBILE_API_KEY',
    url: 'SMS_MOBILE_API_URL',
    secrets: ['WEBHOOK_SECRET', 'WEBHOOK_SIGNING_SECRET'],
  },
  postByHand,
  readSettings,
  simulatedSettings,
  createInbound,
  description: routeDescription,
  createOutbound: (settings: SmsMobileApiSettings) => createOutbound(settings),
  manage: ({ credentials }) => ({ plan: async (publicUrl) => planByHand(credentials, publicUrl) }),
} as const satisfies Gateway<SmsMobileApiSettings>;
