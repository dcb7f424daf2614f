import { z } from 'zod';
import { defaultGateway, gatewayNames } from '../../gateways/registry.js';
import { port } from '../../variables/kinds.js';
import type { Variable } from '../../variables/variable.js';
import { aPort } from './expected.js';

const group = 'The gateway';

/** Where the simulated gateway listens. The variables of real gateways are in their folders. */
export const simulatedGatewayVariables = {
  GATEWAY: {
    group,
    schema: z.enum(gatewayNames).optional(),
    expected: gatewayNames.join(' or '),
    meaning: 'The gateway that the simulated one imitates in a trial, where no real gateway is set.',
    default: defaultGateway.name,
  },
  GATEWAY_PORT: {
    group,
    schema: port.default(8001),
    expected: aPort,
    meaning: 'The port of the simulated gateway and its phone page.',
    default: '8001',
  },
} as const satisfies Record<string, Variable>;
