import type { Gateway } from './gateway.js';
import { smsMobileApi } from './sms-mobile-api/gateway.js';

/** Every gateway. Add a new one here, and nowhere else: config, the api, the worker and doctor handle each of them. */
export const gateways = [smsMobileApi] as const satisfies readonly Gateway[];

export type RegisteredGateway = (typeof gateways)[number];
export type GatewayName = RegisteredGateway['name'];

/** The gateway whose protocol the simulated gateway, the phone page and `answerback send` speak. */
export const gatewayToSimulate = smsMobileApi;
