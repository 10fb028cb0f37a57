/** When signing keys are made, used and forgotten. Times are Unix milliseconds. */

/** What the schedule knows of a key. */
export type ScheduledKey = { kid: string; createTimeMs: number; activeTimeMs: number };

/** A new key is published this long before it signs, so that every cache of the key set has it by then. */
export const activationDelayMs = 10 * 60_000;

/** A key that no longer signs stays published until the last token it signed is long past. */
export const publishedAfterMs = 60 * 60_000;

/** Whether it is time to make a key: there is none, or the newest is as old as keys get. */
export function isKeyDue(keys: readonly ScheduledKey[], rotateAfterMs: number, nowMs: number): boolean {
  return keys.every((key) => nowMs - key.createTimeMs >= rotateAfterMs);
}

/** When a key made now starts to sign: at once when it is the first. */
export function activeTimeOf(keys: readonly ScheduledKey[], nowMs: number): number {
  return keys.length === 0 ? nowMs : nowMs + activationDelayMs;
}

/** The key that signs: the newest of those that are active; the oldest when a clock runs behind. */
export function signingKeyOf<K extends ScheduledKey>(keys: readonly K[], nowMs: number): K | undefined {
  const byActivation = keys.toSorted((a, b) => a.activeTimeMs - b.activeTimeMs || (a.kid < b.kid ? -1 : 1));
  return byActivation.findLast((key) => key.activeTimeMs <= nowMs) ?? byActivation.at(0);
}

/** The keys that may be forgotten: those that stopped signing more than `publishedAfterMs` ago. */
export function retiredKeysOf<K extends ScheduledKey>(keys: readonly K[], nowMs: number): K[] {
  const byActivation = keys.toSorted((a, b) => a.activeTimeMs - b.activeTimeMs || (a.kid < b.kid ? -1 : 1));
  return byActivation.filter((_, index) => {
    const successor = byActivation[index + 1];
    return successor !== undefined && successor.activeTimeMs + publishedAfterMs <= nowMs;
  });
}
