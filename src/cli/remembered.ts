import type { Contact, ContactState } from '../domain/contact.js';
import type { Contacts } from '../temporal/contacts.js';

/** The strongest first. */
const order: readonly ContactState[] = ['opted-out', 'handed-over', 'paused'];

/** Returns what is remembered under any of these identities: an opt-out first, and then what lasts longest. */
export async function remembered(contacts: Contacts, senders: readonly string[]): Promise<Contact | undefined> {
  const found: Contact[] = [];
  for (const sender of senders) {
    const contact = await contacts.find([sender]);
    if (contact) found.push(contact);
  }
  const [strongest] = found.sort(
    (one, other) =>
      order.indexOf(one.state) - order.indexOf(other.state) || (other.until ?? '').localeCompare(one.until ?? ''),
  );
  return strongest;
}
