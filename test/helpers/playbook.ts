import { defaultPlaybookFile } from '../../src/playbook/files.js';
import type { CurrentPlaybook } from '../../src/playbook/load.js';
import { readPlaybook } from '../../src/playbook/read.js';
import { type CompiledPlaybook, compilePlaybook } from '../../src/playbook/compile.js';
import { loadLanguages } from '../../src/rules/language.js';

/** The built-in playbook, as the worker has it. */
export const defaultPlaybook: CompiledPlaybook = compilePlaybook(
  await readPlaybook(defaultPlaybookFile),
  await loadLanguages(),
);

export const labels = Object.keys(defaultPlaybook.labels);

/** A playbook that is never edited. */
export const unchanging =
  (playbook: CompiledPlaybook): CurrentPlaybook =>
  async () =>
    playbook;

/** The English template of a label in the built-in playbook. */
export const defaultTemplate = (label: string) => defaultPlaybook.labels[label]?.templates?.['en'] as string;
