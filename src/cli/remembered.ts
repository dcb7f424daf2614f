import { type Contact, strongestFirst } from '../domain/contact.js';
import type { Contacts } from '../temporal/contacts.js';

/** Returns what is remembered under any of these identities: the strongest of all. */
export async function remembered(contacts: Contacts, senders: readonly string[]): Promise<Contact | undefined> {
  const found: Contact[] = [];
  for (const sender of senders) {
    const contact = await contacts.find([sender]);
    if (contact) found.push(contact);
  }
  return found.sort(strongestFirst)[0];
}
