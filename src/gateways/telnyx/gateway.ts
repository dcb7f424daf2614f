import type { Gateway } from '../gateway.js';
import { checkAccount } from './check.js';
import { planProfile } from './connect.js';
import { routeDescription } from './description.js';
import { createInbound } from './inbound.js';
import { name } from './name.js';
import { createOutbound } from './outbound.js';
import { readSettings, settingsVariables, simulatedSettings, type TelnyxSettings } from './settings.js';

/** Telnyx, an SMS provider. See docs/gateways/telnyx.md and https://developers.telnyx.com/docs/messaging */
export const telnyx = {
  name,
  title: 'Telnyx',
  variables: settingsVariables,
  variableNames: { key: 'TELNYX_API_KEY', url: 'TELNYX_API_URL', secrets: ['TELNYX_PUBLIC_KEY'] },
  readSettings,
  simulatedSettings,
  createInbound,
  description: routeDescription,
  createOutbound,
  manage: (settings) => ({
    plan: (publicUrl, number) => planProfile(settings, publicUrl, number),
    check: (publicUrl) => checkAccount(settings, publicUrl),
  }),
} as const satisfies Gateway<TelnyxSettings>;
