/** What the exit code of `outcry` says to a script. */
export const exitCode = {
  /** Done. */
  done: 0,
  /** Done, and what was asked for is not so: an audit that is not clean. Also a fault of the program or of its files. */
  failed: 1,
  /** The command line is not understood; nothing was sent. */
  usage: 2,
  /** Refused, with a reason; nothing was done. */
  refused: 3,
  /** There is no session or key, or it is not valid any more. */
  notSignedIn: 4,
  /** No answer in time: whether it was done is not known. `outcry resume`, or the same command again, finds out. */
  noAnswer: 5,
} as const;

/** One of the exit codes. */
export type ExitCode = (typeof exitCode)[keyof typeof exitCode];
