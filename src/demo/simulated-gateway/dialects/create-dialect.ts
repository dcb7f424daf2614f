import type { GatewaySettings } from '../../../gateways/gateway.js';
import type { GatewayName } from '../../../gateways/registry.js';
import type { SmsMobileApiSettings } from '../../../gateways/sms-mobile-api/settings.js';
import type { TelnyxSettings } from '../../../gateways/telnyx/settings.js';
import type { SmsGateSettings } from '../../../gateways/smsgate/settings.js';
import type { TwilioSettings } from '../../../gateways/twilio/settings.js';
import type { HttpSmsSettings } from '../../../gateways/httpsms/settings.js';
import type { Dialect } from '../dialect.js';
import { createHttpSmsDialect } from './httpsms.js';
import { createSmsGateDialect } from './smsgate.js';
import { createTelnyxDialect } from './telnyx.js';
import { createTwilioDialect } from './twilio.js';
import { createSmsMobileApiDialect } from './smsmobileapi.js';

interface DialectOptions {
  settings: GatewaySettings;
  /** Where texts and receipts are posted. */
  webhookUrl: string;
}

/** The dialect of each gateway, as long as the settings are its own. */
const dialects: Record<GatewayName, (options: DialectOptions) => Dialect> = {
  smsmobileapi: ({ settings, webhookUrl }) =>
    createSmsMobileApiDialect({ settings: settings as SmsMobileApiSettings, webhookUrl }),
  smsgate: ({ settings, webhookUrl }) => createSmsGateDialect({ settings: settings as SmsGateSettings, webhookUrl }),
  twilio: ({ settings, webhookUrl }) => createTwilioDialect({ settings: settings as TwilioSettings, webhookUrl }),
  httpsms: ({ settings, webhookUrl }) => createHttpSmsDialect({ settings: settings as HttpSmsSettings, webhookUrl }),
  telnyx: ({ settings, webhookUrl }) => createTelnyxDialect({ settings: settings as TelnyxSettings, webhookUrl }),
};

/** Creates the dialect of a gateway with this name. */
export const createDialect = (name: string, options: DialectOptions): Dialect => dialects[name as GatewayName](options);
