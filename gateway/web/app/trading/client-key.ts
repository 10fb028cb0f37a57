/** Keys that this client makes for its intents. */

/** A key of 32 characters that no other intent has. */
export function newKey(): string {
  // Not randomUUID, which browsers have on secure origins only.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
