/**
 * Returns the command of strace that runs a program whose every fsync and fdatasync takes this much longer. Its filter
 * stops the program at no other system call. strace runs beside it, so the process id is that of the program.
 */
export function slowSyncs(ms: number): string[] {
  const syncs = 'fsync,fdatasync';
  return [
    'strace',
    '--daemonize',
    '--follow-forks',
    '--seccomp-bpf',
    '--trace',
    syncs,
    '--inject',
    `${syncs}:delay_enter=${ms * 1_000}`,
    '--output',
    '/dev/null',
  ];
}
