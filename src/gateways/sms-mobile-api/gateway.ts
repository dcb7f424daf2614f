import type { Gateway } from '../gateway.js';
import { routeDescription } from './description.js';
import { name } from './name.js';
import { createInbound } from './inbound.js';
import { createOutbound } from './outbound.js';
import { readSettings, settingsVariables } from './settings.js';
import { secretHeader } from './verify.js';

/** SMSMobileAPI, an SMS gateway on an Android phone or an iPhone. See README.md and https://smsmobileapi.com/doc */
export const smsMobileApi = {
  name,
  title: 'SMSMobileAPI',
  variables: settingsVariables,
  variableNames: {
    key: 'SMS_MOBILE_API_KEY',
    url: 'SMS_MOBILE_API_URL',
    secrets: ['WEBHOOK_SECRET', 'WEBHOOK_SIGNING_SECRET'],
  },
  secretHeader: { name: secretHeader, variable: 'WEBHOOK_SECRET' },
  optOutBy: 'app',
  readSettings,
  createInbound,
  description: routeDescription,
  createOutbound,
} as const satisfies Gateway;
