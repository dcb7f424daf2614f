import { read } from './project-files.js';

/** What stands in a fence of one of these is for a shell; in any other it is not. */
const shells = ['', 'sh', 'bash', 'console'];

/** The commands in the code blocks of a page, in their order, each on one line and without its comment. */
export function commandsIn(page: string): string[] {
  return codeLines(read(page).replace(/\\\n\s+/g, '')).flatMap((line) => {
    const command = line.trim().replace(/\s+# .*$/, '');
    return isCommand(command) ? [command] : [];
  });
}

function codeLines(text: string): string[] {
  let fence: string | undefined;
  return text.split('\n').filter((line) => {
    const [, language] = /^\s*```(\w*)/.exec(line) ?? [];
    if (language !== undefined) {
      fence = fence === undefined ? language : undefined;
      return false;
    }
    return fence === undefined ? /^ {4,}\S/.test(line) : shells.includes(fence);
  });
}

/**
 * A program and its arguments, perhaps with variables before it; not a variable, a line of a log or a list of
 * files.
 */
function isCommand(line: string): boolean {
  return /^[a-z][a-z-]*( \S|$)/.test(line) || /^([A-Z_]+=\S+ )+(npm|npx|node|answerback|temporal) /.test(line);
}
