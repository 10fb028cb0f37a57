/** What the person at the terminal sees. */
export type Output = {
  line(text: string): void;
  /** One part of the system is ready, after a time in words. */
  progress(name: string, elapsed: string): void;
  error(text: string): void;
};

const nameWidth = 16;

/** Writes to this process's terminal or pipe; one that was closed is no error. */
export function createOutput(): Output {
  // A closed terminal must not end the supervisor: it still has to stop everything in order.
  process.stdout.on('error', () => {});
  process.stderr.on('error', () => {});
  return {
    line: (text) => void process.stdout.write(`${text}\n`),
    progress: (name, elapsed) => void process.stdout.write(`  ${name.padEnd(nameWidth)}ready  ${elapsed}\n`),
    error: (text) => void process.stderr.write(`${text}\n`),
  };
}

/** The time since `sinceMs`, by performance.now(), in words: '1.2 s'. */
export function elapsedSince(sinceMs: number): string {
  return `${((performance.now() - sinceMs) / 1000).toFixed(1)} s`;
}
