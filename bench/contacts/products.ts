import { ensureNamespace } from '../../src/temporal/namespace.js';
import { endLeftOverServer, leftOverServer } from '../../test/kit/data-folder.js';
import { eventually } from '../../test/kit/eventually.js';
import { testSecret } from '../../test/kit/secret.js';
import type { Side } from '../e2e/measured.js';
import { productSide } from '../e2e/product.js';
import type { Scope } from '../scope.js';
import { prepareWhole, type Whole, startWhole } from '../servers/answerback.js';
import { replacing } from '../servers/replacing.js';
import { connectContacts, type ConnectedContacts } from './connect.js';

/** The settings with everything on that is asked or counted for each reply. What is on by default is not among them. */
const everythingOn = {
  ANSWERBACK_SECRET: testSecret,
  REPLIES_PER_DAY: '9999999',
  EVENTS_URL: 'https://events.example',
  EVENTS_SECRET: `whsec_${Buffer.alloc(32, 1).toString('base64')}`,
};

/** The namespace of the side with everything off. */
const offNamespace = 'everything-off';

export interface MeasuredProduct extends Side {
  /** Its Temporal server, and the process of everything else. */
  pids: Record<'server' | 'process', number>;
}

export interface EverythingOn extends MeasuredProduct, Omit<Whole, 'start'>, ConnectedContacts {}

/** Starts the product as `npm start` does, with everything on, and its Temporal server. */
export async function startEverythingOn(scope: Scope, name: string): Promise<EverythingOn> {
  const { program, ...whole } = await startWhole(`${scope.folder}/${name}`, everythingOn);
  scope.onEnd(() => endLeftOverServer(whole.dataDir));
  scope.onEnd(() => program.stop());
  const pids = { server: (await leftOverServer(whole.dataDir)) as number, process: program.pid };
  return { ...whole, ...productSide(whole), pids, ...(await connectContacts(scope, whole.temporalAddress)) };
}

/**
 * Starts the same product with everything off, in another namespace of the same server: no sender is looked up, and
 * no reply is counted.
 *
 * @throws an Error when it asks nevertheless: its namespace pauses all replies
 */
export async function startEverythingOff(scope: Scope, on: EverythingOn): Promise<MeasuredProduct> {
  await makeNamespace(on);
  const { contacts } = await connectContacts(scope, on.temporalAddress, offNamespace);
  await contacts.pauseEveryone({ since: new Date().toISOString(), source: 'operator' });
  const settings = {
    ...{ TEMPORAL_ADDRESS: on.temporalAddress, TEMPORAL_NAMESPACE: offNamespace },
    ...{ ANSWERBACK_SECRET: testSecret, DOUBLE_WINDOW: '0' },
  };
  const nodeOptions = await replacing('dist/worker/create-senders.js', 'bench/baselines/senders-off.ts');
  const whole = await prepareWhole(`${scope.folder}/off`, settings, nodeOptions);
  const program = await whole.start();
  scope.onEnd(() => program.stop());
  const side = productSide(whole);
  await side.throughput(1);
  return { ...side, pids: { server: on.pids.server, process: program.pid } };
}

async function makeNamespace({ connection }: ConnectedContacts): Promise<void> {
  await connection.workflowService.registerNamespace({
    namespace: offNamespace,
    workflowExecutionRetentionPeriod: { seconds: (30 * 86_400) as never },
  });
  // The server finds a new namespace after some seconds.
  await eventually(() => ensureNamespace(connection, offNamespace).then(() => true), { withinMs: 60_000 });
}
