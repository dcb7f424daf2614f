import type { Order } from './load.js';
import { run } from './run.js';

/** The load generator, a separate process: it gets its orders over IPC. */
process.on('message', (order: Order) => {
  run(order).then(
    (result) => process.send?.(result),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
process.on('disconnect', () => process.exit());
