import { hash } from 'node:crypto';

const digestLength = 22;

/**
 * The name of a list in its page tokens: its kind, whose it is, and by which filters, so that a token is refused with others. The values of a
 * filter may be given in any sequence.
 */
export function listName(kind: string, accountId: string, filters: Record<string, unknown>): string {
  const normalised = Object.entries(filters).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.toSorted() : value,
  ]);
  return `${kind} ${accountId} ${hash('sha256', JSON.stringify(normalised), 'base64url').slice(0, digestLength)}`;
}
