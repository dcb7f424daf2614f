import type { Command } from 'commander';
import { collect, oneOf, share, wholeNumber } from './argument-parsers.js';
import type { Context } from './context.js';
import {
  type ConnectOptions,
  type DrainOptions,
  type JsonOption,
  type PlaybookOptions,
  type RequeueOptions,
  type RetryOptions,
  type RunsOptions,
  type SendOptions,
  parkedStates,
  states,
} from './options.js';

/** Creates the context of a command from its options. */
export type ContextOf = (options: JsonOption) => Context;

// Each command imports its modules only when it runs, so that `--help` is fast.

/** Adds the commands about messages and their runs. */
export function addMessageCommands(program: Command, contextOf: ContextOf): void {
  command(program, 'send <text>', 'post a text to the webhook, as the gateway does')
    .option('--from <number>', 'number of the sender', '+15550001234')
    .option('--guid <guid>', 'GUID of the message (default: a new one)')
    .option('--wait', 'wait for the outcome of the reply')
    .option('--timeout <seconds>', 'with --wait: how long to wait', wholeNumber, 60)
    .action(async (text: string, options: SendOptions) =>
      (await import('./commands/send.js')).send(text, options, contextOf(options)),
    );

  command(program, 'runs', 'list the newest messages and their states')
    .option('--state <state>', `only runs in this state: ${states.join(', ')}`, oneOf(states))
    .option('--since <time>', 'only runs since then, such as 2026-11-01, 2026-11-01T10:00:00Z or 7d')
    .option('--limit <number>', 'maximum number of runs (default: 20, with --csv all)', wholeNumber)
    .option('--csv', 'print all as CSV, with number, label and reply')
    .option('--label <label>', 'with --csv: only messages with this label')
    .option('--numbers', 'with --csv: whole numbers, not masked')
    .action(async (options: RunsOptions) => (await import('./commands/runs.js')).listRuns(options, contextOf(options)));

  command(program, 'show <guid>', 'show one message: its label, its reply, and any failure').action(
    async (guid: string, options: JsonOption) => (await import('./commands/show.js')).show(guid, contextOf(options)),
  );

  command(
    program,
    'retry [guid]',
    'send a parked reply again; if it is uncertain, check at the gateway first whether it was sent',
  )
    .option('--no-wait', 'do not wait for the outcome')
    .option('--all', 'retry all replies that are parked as failed')
    .option('--state <state>', `with --all: ${parkedStates.join(' or ')}`, oneOf(parkedStates))
    .option('--yes', 'required with --all --state uncertain, because those replies may have arrived')
    .option('--rate <number>', 'with --all: replies per second', wholeNumber, 20)
    .action(async (guid: string | undefined, options: RetryOptions) =>
      (await import('./commands/retry.js')).retry(guid, options, contextOf(options)),
    );
}

/** Adds the commands about posts that were not accepted. */
export function addQuarantineCommands(program: Command, contextOf: ContextOf): void {
  const quarantine = program.command('quarantine').description('list, show and requeue posts that were not accepted');
  command(quarantine, 'list', 'list the entries, without texts').action(async (options: JsonOption) =>
    (await import('./commands/quarantine.js')).listQuarantine(contextOf(options)),
  );
  command(quarantine, 'show', 'print an entry as it arrived, with text and number')
    .argument('<id>', 'id from the list', wholeNumber)
    .action(async (id: number, options: JsonOption) =>
      (await import('./commands/quarantine.js')).showQuarantined(id, contextOf(options)),
    );
  command(quarantine, 'requeue', 'read an entry again, and accept its valid messages')
    .argument('[id]', 'id from the list', wholeNumber)
    .option('--all', 'requeue all entries')
    .option('--set <field=value>', 'correct guid, number or message first; may be repeated', collect, [])
    .action(async (id: number | undefined, options: RequeueOptions) =>
      (await import('./commands/quarantine.js')).requeue(id, options, contextOf(options)),
    );
}

/** Adds the commands about the playbook, this machine and the stored data. */
export function addMaintenanceCommands(program: Command, contextOf: ContextOf): void {
  command(
    program,
    'playbook [file]',
    'check a playbook, and show its templates and how many SMS each needs (default: the playbook in use)',
  )
    .option('--try <text>', 'show the label and template for a text, by the rules')
    .option('--test <texts>', 'label the texts of a YAML file, and show how many get the label that they should')
    .option('--model', 'with --test: by the model of the settings instead of the rules')
    .option('--min <share>', 'with --test: exit with 1 when less than this share is right, such as 0.92', share)
    .action(async (file: string | undefined, options: PlaybookOptions) =>
      (await import('./commands/playbook.js')).showPlaybook(file, options, contextOf(options)),
    );

  command(program, 'doctor', 'check this machine, the settings, and the services that they name').action(
    async (options: JsonOption) => (await import('./commands/doctor.js')).doctor(contextOf(options)),
  );

  command(
    program,
    'connect <gateway>',
    'register the webhooks at a gateway by its API, or say how to do it: shows first what it will change',
  )
    .option('--number <number>', 'the number to register, where the account has several')
    .option('--replace', 'overwrite an address that is not below PUBLIC_URL')
    .option('--yes', 'do not ask; required without a terminal')
    .action(async (gateway: string, options: ConnectOptions) =>
      (await import('./commands/connect.js')).connect(gateway, options, contextOf(options)),
    );

  command(
    program,
    'drain',
    'prepare the api that runs on DATA_DIR for removal: ' +
      'make it not ready for load balancers, and wait until its inbox is empty',
  )
    .option('--within <time>', 'how long to wait, such as 90s or 10m', '10m')
    .option('--quiet <time>', 'time without posts before it counts as drained', '15s')
    .option('--undo', 'end draining, and make the api ready again')
    .action(async (options: DrainOptions) => (await import('./commands/drain.js')).drain(options, contextOf(options)));

  command(program, 'retry-stuck', 'try stuck messages again at once, and list those that are still stuck').action(
    async (options: JsonOption) => (await import('./commands/retry-stuck.js')).retryStuck(contextOf(options)),
  );

  command(
    program,
    'backup <folder>',
    'save the inbox, the opt-outs, the secret in DATA_DIR and the embedded Temporal server to a new folder',
  ).action(async (folder: string, options: JsonOption) =>
    (await import('./commands/backup.js')).backUp(folder, contextOf(options)),
  );

  command(program, 'erase', 'erase everything about a number, which is typed at a prompt or read from standard input')
    // The command itself refuses a number in the arguments, without repeating it in the error.
    .allowExcessArguments()
    .allowUnknownOption()
    .action(async (options: JsonOption, { args: extraArguments }: Command) =>
      (await import('./commands/erase.js')).erase(extraArguments, contextOf(options)),
    );
}

export function command(parent: Command, usage: string, description: string): Command {
  return parent.command(usage).description(description).option('--json', 'print one JSON document on stdout');
}
