import type { Config } from '../config/config.js';
import { ConfigError } from '../process/errors.js';
import type { Log } from '../log/log.js';
import { type CurrentPlaybook, openPlaybook } from '../playbook/load.js';
import { YamlError } from '../yaml/read.js';
import { describeSegments, segmentsOf } from '../playbook/segments.js';

/**
 * Opens the configured playbook, and warns when SMS_AUTO_REPLY_TEXT is longer than the playbook allows.
 *
 * @throws {ConfigError} listing the errors of the playbook
 */
export async function openPlaybookOf({ playbook, autoReply }: Config, log: Log): Promise<CurrentPlaybook> {
  try {
    const current = await openPlaybook(playbook, log);
    const { segments } = await current();
    const length = segmentsOf(autoReply.text ?? '');
    if (length.segments > segments) {
      log.warn(
        { event: 'reply-text.exceeded', ...length },
        `SMS_AUTO_REPLY_TEXT takes ${describeSegments(length)}, and the playbook allows ${segments}: ` +
          `shorten the text, or raise segments in the playbook`,
      );
    }
    return current;
  } catch (error) {
    throw error instanceof YamlError ? new ConfigError(error.message.split('\n')) : error;
  }
}
