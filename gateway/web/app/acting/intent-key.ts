/** Keys of acts that are repeated under the same key while their outcome is unknown. */
import { failureOf, isOutcomeUnknown } from '../rpc/failure.ts';
import { onLogOut } from '../rpc/session.ts';
import { newKey } from '../trading/client-key.ts';

// By what is wanted, such as `halt ACME`.
const unresolved = new Map<string, string>();
// A key is of who used it first.
onLogOut(() => unresolved.clear());

/** Runs `work` with the key of this intent: a new one, or after an unknown outcome the one before. */
export async function withIntentKey<Answer>(intent: string, work: (key: string) => Promise<Answer>): Promise<Answer> {
  const key = unresolved.get(intent) ?? newKey();
  unresolved.set(intent, key);
  try {
    const answer = await work(key);
    unresolved.delete(intent);
    return answer;
  } catch (error) {
    if (!isOutcomeUnknown(failureOf(error))) unresolved.delete(intent);
    throw error;
  }
}
