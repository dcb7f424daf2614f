/**
 * What an activity answers in place of its result where a limit applies to its work: it is to be asked again on this task
 * queue, whose activities the server hands out no faster than the limit.
 */
export interface InTurn {
  askOn: string;
}
