import { loadConfig } from '../../config/config.js';
import type { CompiledPlaybook } from '../../playbook/compile.js';
import { type LabelledText, LabelledTextsError, readLabelledTexts } from '../../playbook/labelled-texts.js';
import { isRight, type JudgedText, type LabelScore, type Score, scoreLabels, scoreOf } from '../../playbook/score.js';
import { ConfigError, OperatorError } from '../../process/errors.js';
import { table } from '../../process/output.js';
import { createProgress } from '../../process/progress.js';
import type { Context } from '../context.js';
import { judgeByModel } from '../judge-by-model.js';

interface TestedPlaybook {
  file: string;
  playbook: CompiledPlaybook;
  /** The file of labelled texts. */
  texts: string;
  byModel: boolean;
  /** The least share of right labels. */
  min: number | undefined;
}

/**
 * `answerback playbook --test TEXTS`: labels texts by the rules, or with `--model` by the model of the settings, and
 * compares the labels with those that the texts should get.
 */
export async function testPlaybook(
  { file, playbook, texts: textsFile, byModel, min }: TestedPlaybook,
  context: Context,
): Promise<void> {
  const labels = Object.keys(playbook.labels);
  const { texts, heldOut } = await readLabelledTexts(textsFile, labels).catch((error: unknown) => {
    throw error instanceof LabelledTextsError ? new ConfigError(error.message.split('\n')) : error;
  });
  const labelled = [...texts, ...heldOut];
  const { judged, by } = byModel
    ? await judgeByOpenAi(labelled, playbook, context)
    : { judged: labelled.map((one) => ({ ...one, given: playbook.labelByRules(one.text) })), by: { by: 'rules' } };
  const all = scoreOf(judged);
  const ofHeldOut = heldOut.length > 0 ? scoreOf(judged.slice(texts.length)) : undefined;
  const scores = scoreLabels(judged, labels);
  const errors = countErrors(judged);
  const wrong = judged.filter((one) => !isRight(one));

  context.output.print(
    { playbook: file, texts: textsFile, ...by, ...all, heldOut: ofHeldOut, labels: scores, errors, wrong },
    [
      confusionTable(scores, Object.keys(errors).length > 0),
      ...(wrong.length > 0 ? [wrongTable(wrong)] : []),
      [
        `${byModel ? 'The model' : 'The rules'}: ${describe(all)}`,
        ...(ofHeldOut ? [`Of the held-out texts: ${describe(ofHeldOut)}`] : []),
        ...Object.entries(errors).map(([error, count]) => `Without a label, by ${error}: ${count}`),
      ].join('\n'),
    ].join('\n\n'),
  );
  if (min !== undefined && all.accuracy < min)
    throw new OperatorError(`${percent(all)} of the texts got the right label, less than --min ${min}`);
}

async function judgeByOpenAi(texts: readonly LabelledText[], playbook: CompiledPlaybook, { env, streams }: Context) {
  const { openai, limits } = loadConfig(env);
  if (!openai) throw new ConfigError(['OPENAI_API_KEY must be set for --model']);
  const progress = createProgress(streams.err, `Texts labelled by ${openai.model}`, texts.length);
  try {
    const settings = { openai, perSecond: limits.openaiPerSecond };
    return {
      judged: await judgeByModel(texts, playbook, settings, () => progress.step()),
      by: { by: 'openai', model: openai.model, reasoningEffort: openai.reasoningEffort },
    };
  } finally {
    progress.end();
  }
}

function countErrors(judged: readonly JudgedText[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const one of judged) if ('error' in one) counts[one.error] = (counts[one.error] ?? 0) + 1;
  return counts;
}

/** A row for each label that texts should get, a column for each that they were given. */
function confusionTable(scores: readonly LabelScore[], hasErrors: boolean): string {
  return table([
    ['SHOULD BE', ...scores.map(({ label }) => label), ...(hasErrors ? ['ERRORS'] : []), 'RIGHT'],
    ...scores.map((score) => [
      score.label,
      ...Object.values(score.given).map(String),
      ...(hasErrors ? [String(score.errors)] : []),
      percent(score),
    ]),
  ]);
}

const wrongTable = (wrong: readonly JudgedText[]): string =>
  table([
    ['SHOULD BE', 'GIVEN', 'TEXT'],
    ...wrong.map((one) => [one.label, 'given' in one ? one.given : `(${one.error})`, one.text]),
  ]);

const describe = (score: Score) => `${score.right} of ${score.total} right, ${percent(score)}`;

/** Rounded down, so that what is below a mark never looks as if it reached it. */
const percent = ({ right, total }: Score): string =>
  total === 0 ? '-' : `${(Math.floor((right * 1_000) / total) / 10).toFixed(1)} %`;
