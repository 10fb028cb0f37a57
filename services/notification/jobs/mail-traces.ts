/** Which traces a person's next mail belongs to. In memory alone: a mail that another replica sends, or the next process, is in none. */
import type { Trace } from '#platform/telemetry/trace-context.ts';

/** The traces of facts whose mails have not been sent yet, by account. */
export type MailTraces = {
  /** Notes the trace of a fact, where it is recorded. */
  add(accountId: string, trace: Trace): void;
  /** Takes those of an account. */
  take(accountId: string): Trace[];
};

const accountsMax = 1_000;
const ofAccountMax = 16;

/** No traces yet. Of more than a thousand accounts, the one that has waited longest goes. */
export function createMailTraces(): MailTraces {
  const waiting = new Map<string, Trace[]>();
  return {
    add(accountId, trace) {
      if (!trace.isSampled) return;
      const known = waiting.get(accountId) ?? [];
      if (known.length < ofAccountMax) waiting.set(accountId, [...known, trace]);
      const [oldest] = waiting.keys();
      if (waiting.size > accountsMax && oldest !== undefined) waiting.delete(oldest);
    },
    take(accountId) {
      const traces = waiting.get(accountId) ?? [];
      waiting.delete(accountId);
      return traces;
    },
  };
}
