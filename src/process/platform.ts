import { OperatorError } from './errors.js';

/**
 * Refuses Windows: the data folder needs Unix permissions, sockets and signals.
 *
 * @throws {OperatorError} on Windows
 */
export function checkPlatform(platform: NodeJS.Platform): void {
  if (platform === 'win32')
    throw new OperatorError('Answerback does not run on Windows', 'run it on macOS or Linux, or on Windows in WSL 2');
}
