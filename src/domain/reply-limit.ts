/** At most so many automatic replies to one sender within a time. */
export interface ReplyLimit {
  replies: number;
  withinMs: number;
}
