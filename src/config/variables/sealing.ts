import { z } from 'zod';
import type { PayloadKey } from '../../secrets/keyring.js';
import { listOf, port, token } from '../../variables/kinds.js';
import type { Variable } from '../../variables/variable.js';
import { aPort, anAddress, loopback } from './expected.js';

const group = 'Encryption';

const payloadKey = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,32}:([0-9a-f]{64}|[A-Za-z0-9+/]{43}=)$/)
  .transform((pair): PayloadKey => {
    const [id = '', key = ''] = pair.split(':');
    return { id, key: Buffer.from(key, key.length === 64 ? 'hex' : 'base64') };
  });

const payloadKeys = z
  .string()
  .transform(listOf)
  .pipe(z.array(payloadKey).max(20))
  .refine((keys) => new Set(keys.map(({ id }) => id)).size === keys.length);

const secrets = z
  .string()
  .transform(listOf)
  .pipe(z.array(z.string().regex(/^[A-Za-z0-9+/=_-]{32,200}$/)).max(20))
  .refine((all) => new Set(all).size === all.length);

/** Encryption of stored texts and numbers, and the endpoint that decrypts them for operators. */
export const sealingVariables = {
  ANSWERBACK_SECRET: {
    group,
    schema: secrets.optional(),
    expected:
      '32 random bytes in hex or base64, or several secrets with commas between them, each once; ' +
      'make one with: openssl rand -hex 32',
    meaning:
      'The secret of this installation, the same for every process. It keys the hashes by which Temporal finds ' +
      'a sender. `npm start` makes one in `DATA_DIR` when it is not set; `npm run start:api` and ' +
      '`npm run start:worker` need it. The first secret writes, all of them are read: security.md says how to ' +
      'change it.',
  },
  PAYLOAD_KEYS: {
    group,
    schema: payloadKeys.optional(),
    expected:
      'name:key, or several with commas between them, each name once; ' +
      'a key is 32 random bytes in base64: openssl rand -base64 32',
    meaning: 'The keys that encrypt stored texts and numbers. The first key encrypts, all of them decrypt.',
  },
  CODEC_PORT: {
    group,
    schema: port.default(8234),
    expected: aPort,
    meaning: 'The port of the codec endpoint, which decrypts payloads for Temporal Web UI and the `temporal` command.',
    default: '8234',
  },
  CODEC_HOST: {
    group,
    schema: z.string().default(loopback),
    expected: anAddress,
    meaning: 'The address that the codec endpoint listens on.',
    default: loopback,
  },
  CODEC_TOKEN: {
    group,
    schema: token.optional(),
    expected: '16 to 200 letters, digits, ".", "_", "~" or "-"; make one with: openssl rand -hex 24',
    meaning: 'The token that operators need for the codec endpoint.',
  },
} as const satisfies Record<string, Variable>;
