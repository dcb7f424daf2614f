import type { Config } from '../../config/config.js';
import { createSenderOf } from '../../domain/sender.js';
import { defaultPlaybookFile, findPlaybookFile } from '../../playbook/files.js';
import { PlaybookError } from '../../playbook/parse.js';
import { readPlaybooks } from '../../playbook/read.js';
import { fail, type Finding, ok } from './check.js';

/** Checks the playbooks that a worker in this folder would use. */
export async function checkPlaybook({
  playbook,
  defaultCountry,
}: Pick<Config, 'playbook' | 'defaultCountry'>): Promise<Finding> {
  try {
    const { byFile } = await readPlaybooks(await findPlaybookFile(playbook), createSenderOf(defaultCountry));
    const found = [...byFile].map(([file, { labels, lines }]) => {
      const name = file === defaultPlaybookFile ? 'Built-in playbook' : file;
      return `${name}${lines ? ` for ${lines.join(', ')}` : ''}: ${Object.keys(labels).join(', ')}`;
    });
    return ok(found.join('; '));
  } catch (error) {
    if (!(error instanceof PlaybookError)) throw error;
    return fail(error.message.split('\n').join('; '), 'correct these lines of the playbook');
  }
}
