/**
 * A market that stands still sends a heartbeat every 10 s and nothing else. In between its prices are read again, so that they are neither
 * called old while they hold nor called live while nothing is known.
 */

// Before prices are called old, which is after 5 s.
const quietAfterMs = 3_500;
// A stream that misses its heartbeat is not quiet but dead.
const deadAfterMs = 12_000;

type QuietCheckOptions = {
  /** Reads all prices, and notes that they are those of now. */
  read: () => Promise<void>;
  /** Milliseconds of a clock. */
  now: () => number;
};

/** What is to be called with each message of the stream, and once in a while. */
export type QuietCheck = { heard: () => void; look: () => Promise<void> };

/** Begins with a stream that was not heard yet. `look` never rejects, and reads once at a time. */
export function createQuietCheck({ read, now }: QuietCheckOptions): QuietCheck {
  let heardMs = Number.NEGATIVE_INFINITY;
  let readMs = Number.NEGATIVE_INFINITY;
  let isReading = false;
  return {
    heard() {
      heardMs = now();
    },
    async look() {
      const quietMs = now() - Math.max(heardMs, readMs);
      if (isReading || quietMs < quietAfterMs || now() - heardMs > deadAfterMs) return;
      isReading = true;
      try {
        await read();
        readMs = now();
      } catch {
        // Then they grow old.
      } finally {
        isReading = false;
      }
    },
  };
}
