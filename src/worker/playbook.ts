import { type Config, ConfigError } from '../config.js';
import type { Log } from '../log.js';
import { type CurrentPlaybook, openPlaybook } from '../playbook/file.js';
import { PlaybookError } from '../playbook/parse.js';
import { describeSegments, segmentsOf } from '../playbook/segments.js';

/**
 * Opens the playbook of the settings, for a worker that has yet to start.
 *
 * @throws {ConfigError} with its faults
 */
export async function playbookOf({ playbook, autoReply }: Config, log: Log): Promise<CurrentPlaybook> {
  try {
    const current = await openPlaybook(playbook, log);
    const { segments } = await current();
    const takes = segmentsOf(autoReply.text ?? '');
    if (takes.segments > segments) {
      log.warn({ event: 'reply.long', ...takes }, `SMS_AUTO_REPLY_TEXT takes ${describeSegments(takes)}; the playbook lets an answer take ${segments}`);
    }
    return current;
  } catch (error) {
    throw error instanceof PlaybookError ? new ConfigError(error.message.split('\n')) : error;
  }
}
