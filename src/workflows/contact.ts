/** Remembers a sender until it begins, which is when a pause ends: see src/temporal/contacts.ts. */
export async function contact(): Promise<void> {}
