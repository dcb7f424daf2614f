import type { Middleware } from 'koa';

/**
 * Tracks whether the api is being drained. A draining api accepts the texts that still arrive and asks load balancers
 * to send texts to another api.
 */
export interface Draining {
  readonly isOn: boolean;
  begin(): void;
  end(): void;
  /** Runs the handler of a post and counts the post as traffic until the handler ends. */
  during<Result>(post: () => Promise<Result>): Promise<Result>;
  /** Milliseconds without a post in progress, counted from when draining began at the earliest. */
  quietMs(): number;
}

export function createDraining(): Draining {
  let isOn = false;
  let inProgress = 0;
  let quietSinceMs = performance.now();
  return {
    get isOn() {
      return isOn;
    },
    begin() {
      // Silence before draining proves nothing: load balancers had no reason yet to use another api.
      if (!isOn) quietSinceMs = performance.now();
      isOn = true;
    },
    end: () => void (isOn = false),
    async during(post) {
      inProgress++;
      try {
        return await post();
      } finally {
        inProgress--;
        quietSinceMs = performance.now();
      }
    },
    quietMs: () => (inProgress > 0 ? 0 : Math.round(performance.now() - quietSinceMs)),
  };
}

/**
 * Closes each connection after its response while draining: a load balancer would keep sending texts over an open one.
 */
export function closeConnections(draining: Pick<Draining, 'isOn'>): Middleware {
  return (ctx, next) => {
    if (draining.isOn) ctx.set('Connection', 'close');
    return next();
  };
}
