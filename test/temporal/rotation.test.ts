import { describe, expect, it } from 'vitest';
import type { WorkflowClientInterceptor } from '@temporalio/client';
import { eventually } from '../kit/eventually.js';
import {
  ago,
  aNumber,
  intercepted,
  kept,
  leftUnderOld,
  move,
  optOutOf,
  pauseOf,
  processes,
  useRotation,
} from './rotation-setup.js';

const justAfter = (time: string) => new Date(Date.parse(time) + 1).toISOString();

useRotation();

const both = ['oldFirst', 'newFirst'] as const;

/** Does something once, right before the first end of a run, that is after the copy was written. */
function beforeTheEnd(act: () => Promise<unknown>): WorkflowClientInterceptor {
  let ends = 0;
  return {
    terminate: async (input, next) => {
      if (++ends === 1) await act();
      return next(input);
    },
  };
}

describe('a contact of the old secret', () => {
  it.each(both)('is found, changed and removed by a process with both secrets: %s', async (process) => {
    const contacts = processes[process];
    const [stopped, paused] = [optOutOf(aNumber()), pauseOf(aNumber())];
    await processes.old.optOut(stopped);
    await processes.old.pause(paused);
    expect(await contacts.stateOf([stopped.sender])).toBe('opted-out');
    expect(await contacts.find([paused.sender])).toEqual(paused);
    expect(await contacts.pause(pauseOf(stopped.sender))).toBe(false);
    expect([await contacts.resume(stopped.sender), await contacts.resume(paused.sender)]).toEqual([
      'opted-out',
      'resumed',
    ]);
    expect(await contacts.remove(stopped.sender, { before: justAfter(stopped.since) })).toBe(true);
    for (const { sender } of [stopped, paused]) expect(await kept(sender)).toEqual({});
  });

  it('gives way to what a process with the new secret writes', async () => {
    const sender = aNumber();
    await processes.old.pause(pauseOf(sender));
    const longer = pauseOf(sender);
    expect(await processes.newFirst.pause(longer)).toBe(true);
    expect(await kept(sender)).toEqual({ fresh: longer });
    await processes.old.pause(pauseOf(sender));
    const stop = optOutOf(sender);
    await processes.newFirst.optOut(stop);
    expect(await kept(sender)).toEqual({ fresh: stop });
  });

  it('shadows no opt-out of the new one, nor the other way round', async () => {
    for (const [first, second] of [
      ['old', 'fresh'],
      ['fresh', 'old'],
    ] as const) {
      const sender = aNumber();
      const stop = optOutOf(sender, { since: ago(60_000) });
      await processes[first].optOut(stop);
      await processes[second].pause(pauseOf(sender));
      for (const process of both) {
        expect(await processes[process].stateOf([sender])).toBe('opted-out');
        expect(await processes[process].find([sender])).toEqual(stop);
        expect(await processes[process].resume(sender)).toBe('opted-out');
      }
    }
  });

  it('stays one when two opt-outs come by processes of both orders', async () => {
    const tries = Array.from({ length: 25 }, async () => {
      const sender = aNumber();
      await Promise.all(both.map((process) => processes[process].optOut(optOutOf(sender))));
      for (const process of both) expect(await processes[process].stateOf([sender])).toBe('opted-out');
      await processes.newFirst.remove(sender);
      expect(await kept(sender)).toEqual({});
    });
    await Promise.all(tries);
  });
});

describe('a contact that is moved', () => {
  it('is the same under the new secret, and is listed until then', async () => {
    const contacts = [optOutOf(aNumber()), pauseOf(aNumber()), pauseOf(aNumber(), { state: 'handed-over' })];
    const [stop, ...pauses] = contacts;
    await processes.old.optOut(stop as (typeof contacts)[0]);
    for (const pause of pauses) await processes.old.pause(pause);
    const senders = contacts.map(({ sender }) => sender);
    await eventually(async () => (await leftUnderOld()).filter((sender) => senders.includes(sender)).length === 3);
    for (const sender of senders) expect(await move(sender)).toBe(true);
    for (const contact of contacts) expect(await kept(contact.sender)).toEqual({ fresh: contact });
    for (const sender of senders) expect(await move(sender)).toBe(false);
    await eventually(async () => !(await leftUnderOld()).some((sender) => senders.includes(sender)));
  });

  it('is seen at every moment, by a process of either order', async () => {
    const senders = Array.from({ length: 20 }, aNumber);
    await Promise.all(senders.map((sender) => processes.old.optOut(optOutOf(sender))));
    let isMoving = true;
    let looks = 0;
    const looking = both.map(async (process) => {
      while (isMoving)
        for (const sender of senders) {
          expect(await processes[process].stateOf([sender])).toBe('opted-out');
          looks++;
        }
    });
    for (const sender of senders) await move(sender);
    isMoving = false;
    await Promise.all(looking);
    expect(looks).toBeGreaterThan(20);
  });

  it('is found when it moves between the looks at its ids', async () => {
    const stop = optOutOf(aNumber());
    await processes.old.optOut(stop);
    let looks = 0;
    const contacts = intercepted({
      describe: async (input, next) => {
        if (++looks === 2) await move(stop.sender);
        return next(input);
      },
    });
    expect(await contacts.find([stop.sender])).toEqual(stop);
    expect(looks).toBe(3);
  });

  it('merges with what is there: an opt-out counts, and then the newest', async () => {
    const older = { since: ago(60_000) };
    for (const [ofOld, ofFresh, wins] of [
      [optOutOf('', older), pauseOf(''), 'old'],
      [pauseOf(''), optOutOf('', older), 'fresh'],
      [optOutOf('', older), optOutOf(''), 'fresh'],
      [optOutOf(''), optOutOf('', older), 'old'],
      [pauseOf('', older), pauseOf(''), 'fresh'],
    ] as const) {
      const sender = aNumber();
      const write = (process: 'old' | 'fresh', contact: typeof ofOld) =>
        processes[process][contact.state === 'opted-out' ? 'optOut' : 'pause']({ ...contact, sender });
      await write('old', ofOld);
      await write('fresh', ofFresh);
      await move(sender);
      expect(await kept(sender)).toEqual({ fresh: { ...(wins === 'old' ? ofOld : ofFresh), sender } });
    }
  });

  it('whose pause has ended is not written again', async () => {
    const sender = aNumber();
    await processes.old.pause(pauseOf(sender, { until: new Date(Date.now() + 500).toISOString() }));
    await eventually(async () => (await processes.old.find([sender])) === undefined);
    await move(sender);
    expect(await kept(sender)).toEqual({});
  });
});

describe('between the copy and the end of a contact that is moved,', () => {
  it.each(both)('a STOP stays, and a START removes both: %s', async (process) => {
    const [stopped, started] = [aNumber(), aNumber()];
    const stop = optOutOf(stopped);
    await processes.old.pause(pauseOf(stopped, { since: ago(60_000) }));
    await move(
      stopped,
      beforeTheEnd(() => processes[process].optOut(stop)),
    );
    expect(await kept(stopped)).toEqual({ fresh: stop });

    const before = new Date().toISOString();
    await processes.old.optOut(optOutOf(started, { since: before }));
    await move(
      started,
      beforeTheEnd(() => processes[process].remove(started, { before: justAfter(before) })),
    );
    expect(await kept(started)).toEqual({});
  });

  it('a change by a process that has only looked at the old id wins', async () => {
    const [stopped, resumed] = [aNumber(), aNumber()];
    const stop = optOutOf(stopped);
    for (const sender of [stopped, resumed]) await processes.old.pause(pauseOf(sender, { since: ago(60_000) }));
    await move(
      stopped,
      beforeTheEnd(() => processes.old.optOut(stop)),
    );
    expect(await kept(stopped)).toEqual({ fresh: stop });
    await move(
      resumed,
      beforeTheEnd(() => processes.old.resume(resumed)),
    );
    expect(await kept(resumed)).toEqual({});
  });

  it('the command can be killed: the opt-out stays, START ends it, and the next command moves it', async () => {
    const [stopped, started] = [aNumber(), aNumber()];
    const killed: WorkflowClientInterceptor = { terminate: () => Promise.reject(new Error('killed')) };
    for (const sender of [stopped, started]) {
      await processes.old.optOut(optOutOf(sender));
      await expect(move(sender, killed)).rejects.toThrow('killed');
      expect(await kept(sender)).toMatchObject({ old: { words: 'STOP' }, fresh: { words: 'STOP' } });
      for (const process of Object.values(processes)) expect(await process.stateOf([sender])).toBe('opted-out');
    }
    expect(await processes.newFirst.remove(started)).toBe(true);
    expect(await kept(started)).toEqual({});
    expect(await move(stopped)).toBe(true);
    expect(await kept(stopped)).toMatchObject({ fresh: { words: 'STOP' } });
    expect((await kept(stopped)).old).toBe(undefined);
  });

  it('STOP stays in 50 tries by processes of both orders', { timeout: 120_000 }, async () => {
    const oneTry = async (index: number) => {
      const sender = aNumber();
      await processes.old.pause(pauseOf(sender, { since: ago(60_000) }));
      const stop = optOutOf(sender);
      await Promise.all([move(sender), processes[both[index % 2] as 'oldFirst'].optOut(stop)]);
      for (const process of both) expect(await processes[process].find([sender])).toEqual(stop);
    };
    await Promise.all(Array.from({ length: 50 }, (_none, index) => oneTry(index)));
  });
});
