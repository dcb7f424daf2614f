import { expect, it } from 'vitest';
import { OperatorError } from '../../src/process/errors.js';
import { checkPlatform } from '../../src/process/platform.js';

it('refuses Windows with one sentence that says what to do', () => {
  expect(() => checkPlatform('win32')).toThrow(
    new OperatorError('Answerback does not run on Windows', 'run it on macOS or Linux, or on Windows in WSL 2'),
  );
});

it.each(['darwin', 'linux'] as const)('runs on %s', (platform) => {
  expect(() => checkPlatform(platform)).not.toThrow();
});
