import type { Gateway } from '../gateway.js';
import { checkAccount } from './check.js';
import { planHooks } from './connect.js';
import { routeDescription } from './description.js';
import { createInbound } from './inbound.js';
import { name } from './name.js';
import { createOutbound } from './outbound.js';
import { readSettings, settingsVariables, simulatedSettings, type SmsGateSettings } from './settings.js';

/** SMSGate, an SMS gateway on an Android phone. See docs/gateways/smsgate.md and https://docs.sms-gate.app */
export const smsGate = {
  name,
  title: 'SMSGate',
  variables: settingsVariables,
  variableNames: { key: 'SMSGATE_PASSWORD', url: 'SMSGATE_URL', secrets: ['SMSGATE_SIGNING_KEY'] },
  isRepeatable: true,
  readSettings,
  simulatedSettings,
  createInbound,
  description: routeDescription,
  createOutbound,
  manage: (settings) => ({
    plan: (publicUrl) => planHooks(settings, publicUrl),
    check: (publicUrl) => checkAccount(settings, publicUrl),
  }),
} as const satisfies Gateway<SmsGateSettings>;
