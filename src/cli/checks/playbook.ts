import type { Config } from '../../config/config.js';
import { defaultPlaybookFile, findPlaybookFile, readPlaybook } from '../../playbook/load.js';
import { PlaybookError } from '../../playbook/parse.js';
import { fail, type Finding, ok } from './check.js';

/** Checks the playbook that a worker in this folder would use. */
export async function checkPlaybook({ playbook }: Pick<Config, 'playbook'>): Promise<Finding> {
  const file = await findPlaybookFile(playbook);
  try {
    const { labels } = await readPlaybook(file);
    return ok(`${file === defaultPlaybookFile ? 'Built-in playbook' : file}: ${Object.keys(labels).join(', ')}`);
  } catch (error) {
    if (!(error instanceof PlaybookError)) throw error;
    return fail(error.message.split('\n').join('; '), 'correct these lines of the playbook');
  }
}
