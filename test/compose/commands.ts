/** A command in a container, and what it prints; GUID is a message whose reply is parked as failed. */
interface ContainerCommand {
  in: 'api' | 'worker';
  args: readonly string[];
  prints: RegExp;
}

const number = '+12025550199';

/** Every command of docs/command-line.md that compose has a place for, in an order in which each finds what it needs. */
export const containerCommands: ContainerCommand[] = [
  { in: 'api', args: ['send', 'Yes, I agree', '--from', number], prints: /./ },
  { in: 'worker', args: ['runs'], prints: /GUID/ },
  { in: 'worker', args: ['runs', '--csv', '--since', '7d'], prints: /^time,guid/ },
  { in: 'worker', args: ['show', 'GUID'], prints: /failed/ },
  { in: 'worker', args: ['retry', 'GUID', '--no-wait'], prints: /./ },
  { in: 'worker', args: ['retry', '--all'], prints: /./ },
  { in: 'worker', args: ['contact', 'opt-out', number], prints: /./ },
  { in: 'worker', args: ['contact', 'show', number], prints: /opted out/i },
  { in: 'worker', args: ['contact', 'list'], prints: /opted out/i },
  { in: 'worker', args: ['contact', 'export', '/tmp/contacts.csv'], prints: /./ },
  { in: 'worker', args: ['contact', 'import', '--dry-run', '/tmp/contacts.csv'], prints: /./ },
  { in: 'worker', args: ['contact', 'opt-in', number], prints: /./ },
  { in: 'worker', args: ['contact', 'pause', number], prints: /./ },
  { in: 'worker', args: ['contact', 'resume', number], prints: /./ },
  { in: 'worker', args: ['contact', 'pause', '--all'], prints: /./ },
  { in: 'worker', args: ['contact', 'resume', '--all'], prints: /./ },
  { in: 'worker', args: ['contact', 'rekey'], prints: /./ },
  { in: 'worker', args: ['playbook', '--try', 'Yes, I agree'], prints: /Agree/ },
  { in: 'worker', args: ['doctor'], prints: /temporal/i },
  { in: 'api', args: ['quarantine', 'list'], prints: /./ },
  { in: 'api', args: ['retry-stuck'], prints: /./ },
  { in: 'api', args: ['backup', '/data/saved'], prints: /Saved to \/data\/saved/ },
  { in: 'api', args: ['drain', '--quiet', '1s'], prints: /./ },
  { in: 'api', args: ['drain', '--undo'], prints: /./ },
];
