import type { Config } from '../config/config.js';
import { ConfigError } from '../process/errors.js';
import type { Log } from '../log/log.js';
import { createSenderOf } from '../domain/sender.js';
import { findPlaybookFile } from '../playbook/files.js';
import { type CurrentPlaybook, openPlaybook } from '../playbook/load.js';
import { readPlaybooks } from '../playbook/read.js';
import { YamlError } from '../yaml/read.js';
import { describeSegments, segmentsOf } from '../playbook/segments.js';

/**
 * Opens the configured playbooks, and warns when SMS_AUTO_REPLY_TEXT is longer than one of them allows.
 *
 * @throws {ConfigError} listing the errors of the playbooks
 */
export async function openPlaybookOf(
  { playbook, autoReply, defaultCountry }: Config,
  log: Log,
): Promise<CurrentPlaybook> {
  try {
    const senderOf = createSenderOf(defaultCountry);
    const current = await openPlaybook(playbook, { senderOf, log });
    const { byFile } = await readPlaybooks(await findPlaybookFile(playbook), senderOf);
    const segments = Math.min(...[...byFile.values()].map((one) => one.segments));
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
