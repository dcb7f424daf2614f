import { expect, it } from 'vitest';
import { errorLines } from '../../src/process/error-lines.js';
import { ConfigError, OperatorError } from '../../src/process/errors.js';

it('an error of a package is printed with its causes, each once', () => {
  const slow = new Error('Timeout expired', { cause: new Error('Timeout expired') });
  const error = new Error('Failed to start Workflow', { cause: slow });
  expect(errorLines(error)).toEqual(['Failed to start Workflow: Timeout expired']);
});

it('an error that tells the operator what to do is printed as it is', () => {
  const error = new OperatorError('No Temporal server responds', 'start one');
  error.cause = new Error('ECONNREFUSED');
  expect(errorLines(error)).toEqual(['No Temporal server responds: start one']);
});

it('invalid settings are printed one a line', () => {
  expect(errorLines(new ConfigError(['PORT must be a number']))).toEqual([
    'Some settings are invalid. Correct them:',
    '  PORT must be a number',
  ]);
});

it('what is thrown and no error is printed too', () => {
  expect(errorLines('gone')).toEqual(['gone']);
});
