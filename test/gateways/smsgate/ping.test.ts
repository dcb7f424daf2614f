import { expect, it } from 'vitest';
import { read } from './posts.js';

const deviceId = 'dev000000000000000001';
const aPing = (more: object = {}) => ({
  deviceId,
  event: 'system:ping',
  id: 'evt1',
  payload: { health: { status: 'pass' } },
  ...more,
});

it.each<[object, 'alive' | 'dead']>([
  [{}, 'alive'],
  [{ payload: { health: { status: 'warn', checks: {} } } }, 'alive'],
  [{ payload: { health: { status: 'fail' } } }, 'dead'],
  [{ payload: {} }, 'alive'],
  [{ payload: null }, 'alive'],
])('a ping with %j says that the phone is %s', (more, sign) => {
  expect(read(aPing(more))).toEqual({ messages: [], rejected: [], phones: [{ line: deviceId, sign }] });
});

it.each([{ event: 'app:started' }, { deviceId: undefined }, { deviceId: 'a number/+1' }])('%j says nothing', (more) => {
  expect(read(aPing(more)).phones).toBeUndefined();
});
