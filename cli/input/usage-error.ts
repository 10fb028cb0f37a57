/** Thrown for a command line that is not understood; nothing was sent. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
