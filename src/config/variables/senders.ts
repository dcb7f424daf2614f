import { z } from 'zod';
import type { ReplyLimit } from '../../domain/reply-limit.js';
import { durationMs, listOf } from '../../variables/kinds.js';
import type { Variable } from '../../variables/variable.js';

const group = 'Senders';

const oneLimit = z
  .string()
  .regex(/^\d{1,4}\/\d{1,6}[smhd]$/)
  .transform((limit, context): ReplyLimit => {
    const [replies, within] = limit.split('/');
    const withinMs = durationMs.safeParse(within).data ?? 0;
    if (Number(replies) < 1 || withinMs < 1_000 || withinMs > 7 * 86_400_000) context.addIssue('out of range');
    return { replies: Number(replies), withinMs };
  });

const limits = z
  .string()
  .transform((list) => (list === 'none' ? [] : listOf(list)))
  .pipe(z.array(oneLimit).max(5));

const senders = z
  .string()
  .transform(listOf)
  .pipe(
    z
      .array(
        z
          .string()
          .min(1)
          .max(64)
          .regex(/^[^*]+\*?$/),
      )
      .max(1_000),
  );

const aList =
  'numbers, short codes or names with commas between them; ' +
  'with * at its end, one stands for all that begin so, such as +4479*';

/** Who gets replies, and how many. docs/contacts.md explains the limits. */
export const sendersVariables = {
  REPLY_DENY: {
    group,
    schema: senders.optional(),
    expected: aList,
    meaning: 'Senders that never get a reply, such as `+1900*,MYBANK`: numbers and names, or what they begin with.',
  },
  REPLY_ALLOW: {
    group,
    schema: senders.optional(),
    expected: aList,
    meaning: 'The only senders that get replies. Not set: all but those of `REPLY_DENY`.',
  },
  REPLIES_PER_SENDER: {
    group,
    schema: limits.prefault('6/10m,30/24h'),
    expected: 'limits such as 6/10m,30/24h with commas between them, each within 7d, or none',
    meaning:
      'How many automatic replies one sender gets, such as `6/10m` for 6 in 10 minutes. ' +
      'A sender who would get more is paused, and told once that a person will read the text. `none`: no limit.',
    default: '6/10m,30/24h',
  },
  REPLIES_PER_DAY: {
    group,
    schema: z
      .string()
      .regex(/^[1-9]\d{0,6}$/)
      .transform(Number)
      .optional(),
    expected: 'a number of replies from 1 to 9999999',
    meaning:
      'About how many replies all senders together get in 24 hours. ' +
      'Those about STOP, START and HELP are always sent. Not set: no limit.',
  },
  DOUBLE_WINDOW: {
    group,
    schema: z.union([z.literal('0').transform(() => 0), durationMs]).prefault('10s'),
    expected: '0, or a number with s, m, h or d, such as 10s',
    meaning:
      'Within this time, the same text of the same sender under another id is a double that the gateway made, ' +
      'and gets no reply. `0`: never.',
    default: '10s',
  },
  DOUBLE_EXCEPT: {
    group,
    schema: senders.optional(),
    expected: aList,
    meaning: 'Senders without doubles: machines that send the same text again and want a reply to each.',
  },
} as const satisfies Record<string, Variable>;
