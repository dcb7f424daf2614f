import { SingleBar } from 'cli-progress';
import { visible } from './output.js';

/** Work that takes long, as those see it who wait for it. */
export interface Progress {
  /** One more is done. */
  step(): void;
  /** What is being done now; for work that nobody can count. */
  now(what: string): void;
  end(): void;
}

/** How often a line is written where nobody sees a bar move. */
const lineEveryMs = 10_000;

const redrawMs = 250;

/**
 * A bar on a terminal, and elsewhere a line now and then.
 *
 * @param stream stderr, since stdout is for data
 * @param total how many steps there are; absent: nobody knows, and the time is shown instead
 */
export function createProgress(stream: NodeJS.WriteStream, label: string, total?: number): Progress {
  return stream.isTTY ? drawn(stream, label, total) : written(stream, label, total);
}

function drawn(stream: NodeJS.WriteStream, label: string, total: number | undefined): Progress {
  const format = total === undefined ? '{label}  {duration_formatted}  {what}' : '{label}  {bar}  {value}/{total}  {duration_formatted}';
  const bar = new SingleBar({ stream, format, barCompleteChar: '=', barIncompleteChar: '-', barsize: 30, clearOnComplete: true, linewrap: true });
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

function written(stream: NodeJS.WriteStream, label: string, total: number | undefined): Progress {
  let done = 0;
  let what = '';
  const from = performance.now();
  const line = setInterval(() => {
    const how = total === undefined ? `${Math.round((performance.now() - from) / 1_000)} s ${what}`.trim() : `${done} of ${total}`;
    stream.write(`${label}: ${visible(how)}\n`);
  }, lineEveryMs);
  line.unref();
  return { step: () => void done++, now: (text) => void (what = text), end: () => clearInterval(line) };
}
