import type { AdminFinding, ConnectPlan } from './admin.js';

/** Says that the webhooks are not checked. */
export const hooksUnknown = (gateway: string): AdminFinding => ({
  status: 'warn',
  found: 'The webhooks are not checked, because PUBLIC_URL is not set',
  todo: `set it, then run "answerback connect ${gateway}"`,
});

/** Says whether all webhooks of a plan are registered, and its notes. */
export function hooksFindings(gateway: string, { steps, notes }: ConnectPlan, publicUrl: string): AdminFinding[] {
  const open = steps.filter(({ state }) => state !== 'done');
  const missing = open.map(({ what, now }) => (now ? `${what} (now ${now})` : what)).join(', ');
  const pointing: AdminFinding =
    open.length === 0
      ? { status: 'ok', found: `The webhooks lead to ${publicUrl}` }
      : {
          status: 'warn',
          found: `Not all webhooks lead to ${publicUrl}: ${missing}`,
          todo: `run "answerback connect ${gateway}"`,
        };
  return [pointing, ...notes.map((note): AdminFinding => ({ status: 'warn', ...note }))];
}
