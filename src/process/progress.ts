import { SingleBar } from 'cli-progress';
import { visible } from './output.js';

/** Shows the progress of long work. */
export interface Progress {
  /** Counts one finished step. */
  step(): void;
  /** Sets the text for the current activity. Only work without a total shows it. */
  now(what: string): void;
  end(): void;
}

/** How often a line is written when the output is not a terminal. */
const lineEveryMs = 10_000;

const redrawMs = 250;

/**
 * Shows a progress bar on a terminal. Elsewhere it writes a line every 10 s.
 *
 * @param stream stderr, because stdout is for data
 * @param total the number of steps; when it is unknown, the elapsed time is shown
 */
export function createProgress(stream: NodeJS.WriteStream, label: string, total?: number): Progress {
  return stream.isTTY ? createBar(stream, label, total) : createLines(stream, label, total);
}

function createBar(stream: NodeJS.WriteStream, label: string, total: number | undefined): Progress {
  const format =
    total === undefined
      ? '{label}  {duration_formatted}  {what}'
      : '{label}  {bar}  {value}/{total}  {duration_formatted}';
  const bar = new SingleBar({
    stream,
    format,
    barCompleteChar: '=',
    barIncompleteChar: '-',
    barsize: 30,
    clearOnComplete: true,
    linewrap: true,
  });
  let what = '';
  bar.start(total ?? 1, 0, { label, what });
  const redraw = setInterval(() => bar.update({ label, what }), redrawMs);
  return {
    step: () => bar.increment(),
    now: (text) => void (what = visible(text.replace(/\s+/g, ' '))),
    end() {
      clearInterval(redraw);
      bar.stop();
    },
  };
}

function createLines(stream: NodeJS.WriteStream, label: string, total: number | undefined): Progress {
  let done = 0;
  let what = '';
  const startedAtMs = performance.now();
  const timer = setInterval(() => {
    const status =
      total === undefined
        ? `${Math.round((performance.now() - startedAtMs) / 1_000)} s ${what}`.trim()
        : `${done} of ${total}`;
    stream.write(`${label}: ${visible(status)}\n`);
  }, lineEveryMs);
  timer.unref();
  return { step: () => void done++, now: (text) => void (what = text), end: () => clearInterval(timer) };
}
