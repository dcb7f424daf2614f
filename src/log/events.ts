/** Every event of the log with its level. docs/log-events.md explains each event and what to do. */
export const logEvents = {
  // Starting and stopping
  'answerback.started': 'info',
  'api.started': 'info',
  'worker.started': 'info',
  'codec.started': 'info',
  'gateway.started': 'info',
  'control.failed': 'warn',
  'drain.begun': 'info',
  'drain.ended': 'info',

  // The webhook and its posts
  'post.accepted': 'info',
  'post.failed': 'warn',
  'request.aborted': 'debug',
  'request.failed': 'error',
  'message.rejected': 'warn',
  'quarantine.requeued': 'info',
  'quarantine.evicted': 'warn',

  // The inbox and the forwarder
  'inbox.failed': 'error',
  'inbox.recovered': 'info',
  'inbox.left': 'info',
  'message.stuck': 'error',
  'message.unopened': 'error',
  'temporal.lost': 'warn',
  'temporal.returned': 'info',

  // Messages and replies
  'message.renamed': 'warn',
  'message.started': 'info',
  'message.shown': 'debug',
  'message.classified': 'info',
  'model.given-up': 'warn',
  'contact.changed': 'info',
  'day-limit.changed': 'warn',
  'event.told': 'info',
  'event.failed': 'warn',
  'reply.sent': 'info',
  'reply.skipped': 'info',
  'reply.failed': 'warn',
  'reply.held': 'warn',
  'breaker.opened': 'warn',
  'breaker.closed': 'info',
  'reply-text.exceeded': 'warn',
  'playbook.read': 'info',
  'playbook.rejected': 'error',
  'playbook.missing': 'warn',

  // Temporal
  'payload.unopened': 'error',
  'sdk.warned': 'warn',
  'sdk.failed': 'error',

  // The Temporal server that `npm start` runs
  'program.rejected': 'warn',
  'download.started': 'info',
  'download.continued': 'info',
  'download.failed': 'info',
  'build.started': 'info',
  'build.continued': 'info',
  'build.failed': 'warn',
  'temporal.reused': 'info',
  'temporal.restarted': 'warn',
  'temporal.stopped': 'debug',
} as const;

type Levels = typeof logEvents;

/** The names of the events at this level. */
export type LogEvent<Level extends Levels[keyof Levels] = Levels[keyof Levels]> = {
  [Event in keyof Levels]: Levels[Event] extends Level ? Event : never;
}[keyof Levels];
