import { type CurrentPlaybook, defaultPlaybookFile, readPlaybook } from '../../src/playbook/file.js';
import { type PreparedPlaybook, preparePlaybook } from '../../src/playbook/prepare.js';
import { loadLanguages } from '../../src/rules/language.js';

/** The built-in playbook, as the worker has it. */
export const defaultPlaybook: PreparedPlaybook = preparePlaybook(await readPlaybook(defaultPlaybookFile), await loadLanguages());

export const labels = Object.keys(defaultPlaybook.labels);

/** One that nobody edits. */
export const unchanging = (playbook: PreparedPlaybook): CurrentPlaybook => async () => playbook;

/** What the built-in playbook answers to an English text of a label. */
export const defaultAnswer = (label: string) => defaultPlaybook.labels[label]?.answers?.['en'] as string;
