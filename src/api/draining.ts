import type { Middleware } from 'koa';
import type { Intake } from './intake.js';

/** Whether the api is about to be taken away: it takes what still comes, and asks load balancers to send texts to another one. */
export interface Draining {
  readonly isOn: boolean;
  begin(): void;
  end(): void;
  /** The same intake, whose deliveries count as traffic. */
  watch(intake: Intake): Intake;
  /** How long nothing has been delivered, in milliseconds. */
  quietMs(): number;
}

export function createDraining(): Draining {
  let isOn = false;
  let lastDeliveryAtMs = performance.now();
  return {
    get isOn() {
      return isOn;
    },
    begin: () => void (isOn = true),
    end: () => void (isOn = false),
    watch: (intake) => ({
      ready: () => intake.ready(),
      accept(delivery) {
        lastDeliveryAtMs = performance.now();
        return intake.accept(delivery);
      },
    }),
    quietMs: () => Math.round(performance.now() - lastDeliveryAtMs),
  };
}

/** Has connections closed after their answer: over one that is kept, a balancer would go on sending texts here. */
export function letGo(draining: Pick<Draining, 'isOn'>): Middleware {
  return (ctx, next) => {
    if (draining.isOn) ctx.set('Connection', 'close');
    return next();
  };
}
