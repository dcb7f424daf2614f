import { Client } from '@temporalio/client';
import { expect, it, onTestFinished } from 'vitest';
import { contact as names } from '../../src/domain/names.js';
import { createKeyring, type PayloadKey } from '../../src/secrets/keyring.js';
import { createContacts } from '../../src/temporal/contacts.js';
import { createDataConverter } from '../../src/temporal/data-converter.js';
import { createRekey } from '../../src/temporal/rekey.js';
import { createSenderKey } from '../../src/temporal/sender-key.js';
import { silentLog } from '../helpers/logs.js';
import { connectForTest } from '../helpers/suite-temporal.js';
import { aNumber, optOutOf } from './rotation-setup.js';

const aKey = (id: string, byte: number): PayloadKey => ({ id, key: Buffer.alloc(32, byte) });
const [k1, k2] = [aKey('k1', 1), aKey('k2', 2)];
const old = createSenderKey('the-old-secret-of-an-installation');
const fresh = createSenderKey('the-new-secret-of-an-installation');

it('a contact that is moved to a new secret is encrypted with the first key, so the old key can go', async () => {
  const temporal = await connectForTest();
  onTestFinished(() => temporal.close());
  const { connection } = temporal;
  const clientOf = (...keys: PayloadKey[]) =>
    new Client({ connection, dataConverter: createDataConverter(createKeyring(keys), silentLog) });
  const stop = optOutOf(aNumber());
  await createContacts(clientOf(k1), [old]).optOut(stop);
  const rekey = createRekey(clientOf(k2, k1), fresh);
  await rekey.move({ workflowId: names.workflowIdOf(old(stop.sender)), runId: '', state: 'opted-out' });
  expect(await createContacts(clientOf(k2), [fresh]).find([stop.sender])).toEqual(stop);
});
