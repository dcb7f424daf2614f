import { describe, expect, it } from 'vitest';
import { createSenderOf } from '../../src/domain/sender.js';
import { createLines } from '../../src/playbook/lines.js';

function linesOf(served: Record<string, ReadonlyArray<string | undefined>>) {
  const lines = createLines(createSenderOf('US'));
  for (const [file, names] of Object.entries(served)) for (const name of names) lines.claim(name, file);
  return lines;
}

describe('a message belongs to the playbook', () => {
  const lines = linesOf({
    number: ['+1 (206) 555-0199'],
    sim: ['dev1/2'],
    phone: ['dev1'],
    gateway: ['smsgate'],
    others: [undefined],
  });

  it.each([
    ['of its number, in any notation', { to: '2065550199', line: 'dev1/2', gateway: 'smsgate' }, 'number'],
    ['of its SIM', { to: '+12065550100', line: 'dev1/2', gateway: 'smsgate' }, 'sim'],
    ['of the phone of its SIM', { line: 'dev1/1', gateway: 'smsgate' }, 'phone'],
    ['of its phone, without a SIM', { line: 'dev1', gateway: 'smsgate' }, 'phone'],
    ['of its gateway', { to: '+12065550100', line: 'dev2/1', gateway: 'smsgate' }, 'gateway'],
    ['of the others, when nothing of it is named', { to: '+12065550100', gateway: 'twilio' }, 'others'],
  ])('%s', (_how, message, file) => {
    expect(lines.fileFor(message)).toBe(file);
  });

  it('of none, when nothing of it is named and none serves the others', () => {
    expect(linesOf({ a: ['smsgate'] }).fileFor({ gateway: 'twilio' })).toBeUndefined();
  });

  it('of the one that is there, whatever the line', () => {
    expect(linesOf({ a: [undefined] }).fileFor({ to: '+12065550199', gateway: 'twilio' })).toBe('a');
  });
});

it('a line has one playbook: the first that claims it, in any notation', () => {
  const lines = linesOf({ a: ['+12065550199'] });
  expect(lines.claim('(206) 555-0199', 'b')).toBe('a');
  expect(lines.claim('+12065550198', 'b')).toBeUndefined();
  expect(lines.claim('dev1/1', 'b')).toBeUndefined();
  expect(lines.fileFor({ to: '+12065550199', gateway: 'twilio' })).toBe('a');
});
