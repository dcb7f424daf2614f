import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { UsageError } from '../process.js';
import type { Context } from './context.js';
import { type JsonOption, type SendOptions, type RunsOptions, type RetryOptions, type RequeueOptions, type PlaybookOptions, type DrainOptions, type EraseOptions, parkedStates, states } from './options.js';
import { createOutput, type Streams } from './output.js';
import { packageFile } from '../package-file.js';
import { didYouMean } from './suggest.js';

export interface Program {
  env: Record<string, string>;
  streams: Streams;
  /** Runs everything, until it is stopped; with `json` its log is JSON also on a terminal. */
  start: (options: { json: boolean }) => Promise<void>;
}

/**
 * Runs one command of `answerback`. What a command needs is loaded with it, so that `--help` is there at once.
 *
 * @throws {UsageError} for arguments that cannot be understood
 */
export async function runProgram(args: readonly string[], { env, streams, start }: Program): Promise<void> {
  const program = new Command('answerback');
  program
    .description('Answers every inbound text message exactly once, durably. Without a command it starts.')
    .version(packageFile.version)
    .exitOverride()
    .configureOutput({ writeOut: (text) => void streams.out.write(text), writeErr: (text) => void streams.err.write(text), outputError: () => {} })
    .addHelpText('after', `\nSettings are environment variables, or lines of a file .env in this folder.\nExit codes: 0 done, 1 something is wrong, 2 the command or a setting cannot be understood.`);

  const contextOf = ({ json = false }: { json?: boolean }): Context => ({
    env,
    streams,
    output: createOutput(streams, { json, noColor: Boolean(env['NO_COLOR']) }),
  });
  const command = (parent: Command, usage: string, description: string) =>
    parent.command(usage).description(description).option('--json', 'print one JSON document on stdout');

  program.command('start')
    .description('run everything: Temporal, the webhook, a worker and, without an SMS account, a simulated gateway')
    .option('--json', 'log in JSON, one event a line')
    .action(({ json = false }: JsonOption) => start({ json }));

  command(program, 'send <text>', 'post a text to the webhook, as the gateway does')
    .option('--from <number>', 'who writes', '+15550001234')
    .option('--guid <guid>', 'the id of the text (default: a new one)')
    .option('--wait', 'wait for what becomes of its reply')
    .option('--timeout <seconds>', 'how long to wait', wholeNumber, 60)
    .action(async (text: string, options: SendOptions) => (await import('./commands/send.js')).send(text, options, contextOf(options)));

  command(program, 'runs', 'list the newest messages and where each stands')
    .option('--state <state>', `only those: ${states.join(', ')}`, oneOf(states))
    .option('--limit <number>', 'how many', wholeNumber, 20)
    .action(async (options: RunsOptions) => (await import('./commands/runs.js')).listRuns(options, contextOf(options)));

  command(program, 'show <guid>', 'show one message: its label, its reply, and what failed')
    .action(async (guid: string, options: JsonOption) => (await import('./commands/show.js')).show(guid, contextOf(options)));

  command(program, 'retry [guid]', 'send a parked reply once more; look at the gateway first where it is uncertain')
    .option('--no-wait', 'do not wait for the outcome')
    .option('--all', 'all that are parked as failed')
    .option('--state <state>', `with --all: ${parkedStates.join(' or ')}`, oneOf(parkedStates))
    .option('--yes', 'with --all --state uncertain, since those replies may have arrived')
    .option('--rate <number>', 'with --all: how many a second', wholeNumber, 20)
    .action(async (guid: string | undefined, options: RetryOptions) => (await import('./commands/retry.js')).retry(guid, options, contextOf(options)));

  const quarantine = program.command('quarantine').description('what was never accepted, kept for a while');
  command(quarantine, 'list', 'list it, without texts')
    .action(async (options: JsonOption) => (await import('./commands/quarantine.js')).listQuarantine(contextOf(options)));
  command(quarantine, 'show', 'print one as it came, text and number included')
    .argument('<id>', 'of the list', wholeNumber)
    .action(async (id: number, options: JsonOption) => (await import('./commands/quarantine.js')).showQuarantined(id, contextOf(options)));
  command(quarantine, 'requeue', 'read it once more, and accept what is valid now')
    .argument('[id]', 'of the list', wholeNumber)
    .option('--all', 'everything')
    .option('--set <field=value>', 'mend guid, number or message first; may be repeated', collect, [])
    .action(async (id: number | undefined, options: RequeueOptions) => (await import('./commands/quarantine.js')).requeue(id, options, contextOf(options)));

  command(program, 'playbook [file]', 'check a playbook: its answers, and how many SMS each takes (default: the one that is used)')
    .option('--try <text>', 'what it makes of a text, by its words and rules')
    .action(async (file: string | undefined, options: PlaybookOptions) => (await import('./commands/playbook.js')).showPlaybook(file, options, contextOf(options)));

  command(program, 'doctor', 'check this machine, the settings, and whatever they name')
    .action(async (options: JsonOption) => (await import('./commands/doctor.js')).doctor(contextOf(options)));

  command(program, 'drain', 'take the api that runs on DATA_DIR away: send load balancers elsewhere, and wait until nothing waits in its inbox')
    .option('--within <time>', 'how long to wait, such as 90s or 10m', '10m')
    .option('--quiet <time>', 'for how long nothing must have come', '15s')
    .option('--undo', 'have it asked for texts again')
    .action(async (options: DrainOptions) => (await import('./commands/drain.js')).drain(options, contextOf(options)));

  command(program, 'erase', 'erase what is held about a number, which is asked for or read from standard input')
    .option('--all-runs', 'also look into every run in the namespace')
    // A number among the arguments is refused by the command itself, without repeating it.
    .allowExcessArguments()
    .allowUnknownOption()
    .action(async (options: EraseOptions, { args: others }: Command) => (await import('./commands/erase.js')).erase(options, others, contextOf(options)));

  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError && error.code === 'commander.help' && error.exitCode !== 0) throw new UsageError('Name one of the commands above');
    if (error instanceof CommanderError && error.exitCode !== 0) throw new UsageError(onOneLine(error.message));
    if (!(error instanceof CommanderError)) throw error;
  }
}

/** `error: unknown command 'strat'\n(Did you mean start?)` as one sentence. */
function onOneLine(message: string): string {
  return message.replace(/^error: /, '').replace(/\n\(Did you mean (.+)\?\)$/, ', did you mean $1?');
}

function wholeNumber(value: string): number {
  if (!/^\d{1,9}$/.test(value) || Number(value) < 1) throw new InvalidArgumentError(`It must be a whole number from 1 on.`);
  return Number(value);
}

function oneOf<Value extends string>(values: readonly Value[]): (value: string) => Value {
  return (typed) => {
    const found = values.find((value) => value === typed);
    if (found === undefined) throw new InvalidArgumentError(`It must be one of ${values.join(', ')}${didYouMean(typed, values)}`);
    return found;
  };
}

const collect = (value: string, earlier: string[]) => [...earlier, value];
