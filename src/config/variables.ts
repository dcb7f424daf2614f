import { gateways } from '../gateways/registry.js';
import { classificationVariables } from './variables/classification.js';
import { eventsVariables } from './variables/events.js';
import { logsVariables } from './variables/logs.js';
import { metricsVariables } from './variables/metrics.js';
import { repliesVariables } from './variables/replies.js';
import { sendersVariables } from './variables/senders.js';
import { sealingVariables } from './variables/sealing.js';
import { simulatedGatewayVariables } from './variables/simulated-gateway.js';
import { storageVariables } from './variables/storage.js';
import { temporalVariables } from './variables/temporal.js';
import type { ValuesOf } from '../variables/variable.js';
import { webhookVariables } from './variables/webhook.js';
import { smsPerMinuteOf, smsPerMinuteVariable, waitingVariables } from './waiting.js';

/** As objects without names, so that `Variables` has only the variables that config itself uses. */
const gatewayVariables: object = Object.fromEntries(gateways.flatMap(({ variables }) => Object.entries(variables)));
const gatewayLimits: object = Object.fromEntries(
  gateways.map(({ name, title }) => [smsPerMinuteOf(name), smsPerMinuteVariable(title)]),
);

/** Every environment variable that Answerback reads. docs/configuration.md is generated from this table. */
export const variables = {
  ...webhookVariables,
  ...storageVariables,
  ...gatewayVariables,
  ...simulatedGatewayVariables,
  ...repliesVariables,
  ...sendersVariables,
  ...waitingVariables,
  ...gatewayLimits,
  ...classificationVariables,
  ...eventsVariables,
  ...temporalVariables,
  ...sealingVariables,
  ...metricsVariables,
  ...logsVariables,
} as const;

/** The values of the variables, checked and converted; each gateway reads its own from them. */
export type Variables = ValuesOf<typeof variables>;
