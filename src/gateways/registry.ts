import type { Gateway } from './gateway.js';
import { httpSms } from './httpsms/gateway.js';
import { smsGate } from './smsgate/gateway.js';
import { smsMobileApi } from './sms-mobile-api/gateway.js';
import { telnyx } from './telnyx/gateway.js';
import { twilio } from './twilio/gateway.js';

/** Every gateway. Add a new one here, and nowhere else: config, the api, the worker and doctor handle each of them. */
export const gateways = [smsMobileApi, smsGate, twilio, httpSms, telnyx] as const satisfies readonly Gateway[];

/** The gateway that a trial simulates unless another one is chosen. */
export const defaultGateway = smsMobileApi;

export type RegisteredGateway = (typeof gateways)[number];
export type GatewayName = RegisteredGateway['name'];

export const gatewayNames: readonly GatewayName[] = gateways.map(({ name }) => name);
