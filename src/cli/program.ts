import { Command, CommanderError } from 'commander';
import { UsageError } from '../process/errors.js';
import { addContactCommands } from './add-contact-commands.js';
import { addMaintenanceCommands, addMessageCommands, addQuarantineCommands } from './add-commands.js';
import type { Context } from './context.js';
import type { JsonOption } from './options.js';
import { createOutput, type Streams } from '../process/output.js';
import { packageFile } from '../process/package-file.js';

export interface Program {
  env: Record<string, string>;
  streams: Streams;
  /** Runs everything until it is stopped. With `json`, the log is JSON even on a terminal. */
  start: (options: { json: boolean }) => Promise<void>;
}

/**
 * Runs one command of `answerback`.
 *
 * @throws {UsageError} for invalid arguments
 */
export async function runProgram(args: readonly string[], { env, streams, start }: Program): Promise<void> {
  const program = new Command('answerback');
  program
    .description('Answers every inbound text message exactly once, durably. Without a command, it runs "start".')
    .version(packageFile.version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void streams.out.write(text),
      writeErr: (text) => void streams.err.write(text),
      outputError: () => {},
    })
    .addHelpText(
      'after',
      '\nSettings are environment variables, or lines of a file .env in the current folder.' +
        '\nExit codes: 0 success, 1 failure, 2 invalid command or setting.',
    );

  const contextOf = ({ json = false }: { json?: boolean }): Context => ({
    env,
    streams,
    output: createOutput(streams, { json, noColor: Boolean(env['NO_COLOR']) }),
  });

  program
    .command('start')
    .description('run everything: Temporal, the webhook, a worker and, without an SMS account, a simulated gateway')
    .option('--json', 'log in JSON, one event a line')
    .action(({ json = false }: JsonOption) => start({ json }));
  addMessageCommands(program, contextOf);
  addContactCommands(program, contextOf);
  addQuarantineCommands(program, contextOf);
  addMaintenanceCommands(program, contextOf);

  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError && error.code === 'commander.help' && error.exitCode !== 0)
      throw new UsageError('Give one of the commands above');
    if (error instanceof CommanderError && error.exitCode !== 0) throw new UsageError(onOneLine(error.message));
    if (!(error instanceof CommanderError)) throw error;
  }
}

/** Turns `error: unknown command 'strat'\n(Did you mean start?)` into one sentence. */
function onOneLine(message: string): string {
  return message.replace(/^error: /, '').replace(/\n\(Did you mean (.+)\?\)$/, ', did you mean $1?');
}
