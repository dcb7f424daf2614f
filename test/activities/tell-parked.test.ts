import { expect, it } from 'vitest';
import { createTellParked } from '../../src/activities/tell-parked.js';
import type { AttentionEvent } from '../../src/domain/event.js';
import { anActivity } from '../helpers/activity.js';
import { aMessage } from '../helpers/messages.js';

it('a parked reply is told of its run, each time that it is parked', async () => {
  const told: AttentionEvent[] = [];
  const tellParked = createTellParked(async (event) => void told.push(event));
  const parked = { at: '2026-11-29T10:15:00.000Z', parkedAs: 'failed', reason: 'refused', label: 'Agree' } as const;
  for (const time of [1, 2])
    await anActivity({ workflowId: 'run-1' }).run(tellParked, aMessage({ id: 'other' }), { ...parked, time });
  expect(told).toMatchObject([{ id: 'run-1-parked-1', type: 'reply.parked' }, { id: 'run-1-parked-2' }]);
  expect(told[0]?.data).toMatchObject({ guid: 'run-1', parkedAs: 'failed', reason: 'refused', label: 'Agree' });
});
