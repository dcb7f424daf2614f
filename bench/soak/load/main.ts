import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom } from '../../../test/faults/random.js';
import { postOnce } from './connections.js';
import { createConversations } from './conversations.js';
import type { LoadCommand, LoadOrder, LoadReport } from './messages.js';
import { createPosts, type LoadPost } from './posts.js';

/**
 * Posts texts like a gateway, as a separate process: it starts when it gets a LoadOrder, and ends its load at `stop`.
 */
const retryAfterMs = 1_000;

const random = createRandom();
const posts = createPosts(random);
const known = new Set<string>();
let report = emptyReport();
let open = 0;
let stopped = false;

// Ignore Ctrl-C: the soak process tells this one when to stop.
process.on('SIGINT', () => {});
process.on('disconnect', () => process.exit());
process.once('message', (order: LoadOrder) => {
  const conversations = createConversations({
    random,
    deliver: (post) => deliver(order.webhook, post),
    onSaid: (said) => void report.said.push(said),
    isOver: () => stopped,
  });
  process.on('message', (command: LoadCommand) => {
    if (command === 'stop') return void (stopped = true);
    switch (command.kind) {
      case 'reply':
        return conversations.replied({ to: command.to, kind: command.reply });
      case 'storm':
        return conversations.storm(command.senders);
      case 'loops':
        return conversations.loops(command.machines);
      case 'loop-again':
        return conversations.writeAsMachine(command.number);
    }
  });
  void run(order);
});

async function run({ webhook, perSecond }: LoadOrder): Promise<void> {
  setInterval(() => {
    process.send?.({ ...report, open } satisfies LoadReport);
    report = emptyReport();
  }, 1_000);
  const startedAt = performance.now();
  for (let texts = 0; !stopped;) {
    const due = startedAt + (texts * 1_000) / perSecond - performance.now();
    if (due > 0) await sleep(due);
    for (const post of posts.next(perSecond)) {
      if (post.kind === 'new') texts += post.texts.length;
      void deliver(webhook, post).then(() => acknowledge(post));
    }
  }
}

/** Posts repeatedly, like a gateway, until the response is the expected one. */
async function deliver(webhook: string, post: LoadPost): Promise<void> {
  report.posts[post.kind] = (report.posts[post.kind] ?? 0) + 1;
  open++;
  for (;;) {
    const at = Date.now();
    const from = performance.now();
    const status = await postOnce(webhook, post.body);
    if (status === post.expected) {
      report.times.push({ at, ms: performance.now() - from });
      break;
    }
    report.postedAgain[status] = (report.postedAgain[status] ?? 0) + 1;
    await sleep(retryAfterMs);
  }
  open--;
}

/** Notes the texts of the ordinary load that got their first 200. */
function acknowledge(post: LoadPost): void {
  const fresh = post.texts.filter(({ number }) => !known.has(number));
  for (const { workflowId, number, silent } of fresh) {
    known.add(number);
    report.acknowledged.push({ workflowId, number, silent, at: Date.now() });
  }
  posts.acknowledged(fresh.filter(({ silent }) => !silent));
}

function emptyReport(): LoadReport {
  return { acknowledged: [], said: [], times: [], posts: {}, postedAgain: {}, open: 0 };
}
