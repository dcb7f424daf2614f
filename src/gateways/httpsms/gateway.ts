import type { Gateway } from '../gateway.js';
import { checkAccount } from './check.js';
import { planHook } from './connect.js';
import { routeDescription } from './description.js';
import { createInbound } from './inbound.js';
import { name } from './name.js';
import { createOutbound } from './outbound.js';
import { type HttpSmsSettings, readSettings, settingsVariables, simulatedSettings } from './settings.js';

/** httpSMS, an SMS gateway on an Android phone, hosted or self-hosted. See docs/gateways/httpsms.md */
export const httpSms = {
  name,
  title: 'httpSMS',
  variables: settingsVariables,
  variableNames: { key: 'HTTPSMS_API_KEY', url: 'HTTPSMS_API_URL', secrets: ['HTTPSMS_SIGNING_KEY'] },
  readSettings,
  simulatedSettings,
  createInbound,
  description: routeDescription,
  createOutbound,
  manage: (settings) => ({
    plan: (publicUrl, number) => planHook(settings, publicUrl, number),
    check: (publicUrl) => checkAccount(settings, publicUrl),
  }),
} as const satisfies Gateway<HttpSmsSettings>;
