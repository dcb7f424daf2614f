import type { ConnectStep } from './admin.js';

/**
 * Compares a registered address with the one to register.
 *
 * @param options.mayHaveMore whether a query and a fragment may follow it: they lead to the same route
 */
export function compareAddress(
  registered: string | null | undefined,
  { publicUrl, address, mayHaveMore = true }: { publicUrl: string; address: string; mayHaveMore?: boolean },
): { state: ConnectStep['state']; now?: string } {
  if (!registered) return { state: 'missing' };
  if (registered === address || (mayHaveMore && registered.replace(/[?#].*$/s, '') === address))
    return { state: 'done' };
  return { state: isUnder(registered, publicUrl) ? 'different' : 'foreign', now: shownAddress(registered) };
}

/** Whether an address is PUBLIC_URL's: the same origin, and a path below its path. */
export function isUnder(address: string, publicUrl: string): boolean {
  if (!URL.canParse(address)) return false;
  const [one, base] = [new URL(address), new URL(publicUrl)];
  return one.origin === base.origin && one.pathname.startsWith(`${base.pathname.replace(/\/+$/, '')}/`);
}

/** Shows an address without its path, which may be a secret. */
export function shownAddress(address: string): string {
  return URL.canParse(address) ? `${new URL(address).origin}/…` : 'an address that is not valid';
}
