import { z } from 'zod';
import { port } from '../../variables/kinds.js';
import type { Variable } from '../../variables/variable.js';
import { aPort, anAddress, loopback } from './expected.js';

const group = 'Metrics';

/** Where the metrics endpoint listens. */
export const metricsVariables = {
  METRICS_PORT: {
    group,
    schema: port.optional(),
    expected: aPort,
    meaning: 'The port of the metrics endpoint. Each process on one machine needs its own port.',
    default: '9464; 9465 for the worker',
  },
  METRICS_HOST: {
    group,
    schema: z.string().default(loopback),
    expected: anAddress,
    meaning: 'The address that the metrics endpoint listens on.',
    default: loopback,
  },
} as const satisfies Record<string, Variable>;
