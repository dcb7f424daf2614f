import type { Middleware } from 'koa';

/** Whether the api is about to be taken away: it takes what still comes, and asks load balancers to send texts to another one. */
export interface Draining {
  readonly isOn: boolean;
  begin(): void;
  end(): void;
  /** Counts a post as traffic, from its head to its answer. */
  during<Result>(post: () => Promise<Result>): Promise<Result>;
  /** For how long no post has been under way, since the draining began, in milliseconds. */
  quietMs(): number;
}

export function createDraining(): Draining {
  let isOn = false;
  let underWay = 0;
  let quietSinceMs = performance.now();
  return {
    get isOn() {
      return isOn;
    },
    begin() {
      // A quiet time before says nothing: nobody had been asked yet to send elsewhere.
      if (!isOn) quietSinceMs = performance.now();
      isOn = true;
    },
    end: () => void (isOn = false),
    async during(post) {
      underWay++;
      try {
        return await post();
      } finally {
        underWay--;
        quietSinceMs = performance.now();
      }
    },
    quietMs: () => (underWay > 0 ? 0 : Math.round(performance.now() - quietSinceMs)),
  };
}

export function countTraffic(draining: Pick<Draining, 'during'>): Middleware {
  return (_ctx, next) => draining.during(next);
}

/** Has connections closed after their answer: over one that is kept, a balancer would go on sending texts here. */
export function letGo(draining: Pick<Draining, 'isOn'>): Middleware {
  return (ctx, next) => {
    if (draining.isOn) ctx.set('Connection', 'close');
    return next();
  };
}
