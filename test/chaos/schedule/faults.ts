/** What can go wrong, and where. */

/**
 * kill      SIGKILL; the supervisor starts the process again
 * restart   SIGTERM: it drains and ends, and is started again
 * freeze    SIGSTOP, then SIGCONT; of PostgreSQL with all its processes
 * stall     a connection passes nothing for a while, without a reset, then what was held back
 * abandon   connections that are open never pass a byte again, while new ones work: a peer that is gone without a reset
 * delay     each chunk of a connection comes later
 * reset     connections are reset
 * full      the disk of PostgreSQL is full for a while
 * clock     the clock of one process is off for a while
 * redeliver events of the bus are delivered once more, as after a consumer's death
 */
export type FaultKind =
  | 'kill'
  | 'restart'
  | 'freeze'
  | 'stall'
  | 'abandon'
  | 'delay'
  | 'reset'
  | 'full'
  | 'clock'
  | 'redeliver';

/** One fault of a schedule. */
export type PlannedFault = {
  /** When it begins, in ms from the start of the schedule; later when its victim has not come back yet. */
  atMs: number;
  kind: FaultKind;
  /** `order-0` (a replica), `postgres`, `broker`, `order>exchange` (calls), `order>database`, `disk`, `bus`. */
  victim: string;
  /** How long it lasts, for those that end by themselves, in ms. */
  durationMs: number;
  /** By how much a clock is off, or a chunk is late, in ms. */
  amountMs: number;
};

/** What a schedule chooses from. */
export type Victims = {
  /** Replicas that are killed, restarted and frozen. */
  processes: readonly string[];
  /** Servers of others: PostgreSQL, the broker, the mailbox. */
  servers: readonly string[];
  /** Connections that pass a proxy. */
  links: readonly string[];
  /** Whether the disk can be filled. */
  disk: boolean;
  /** Whether events can be delivered once more. */
  bus: boolean;
};

/** A fault in one line of a schedule: time, kind, victim, duration. */
export function describeFault({ atMs, kind, victim, durationMs, amountMs }: PlannedFault): string {
  const time = `${(atMs / 1_000).toFixed(2)}s`.padStart(9);
  const duration = durationMs > 0 ? `${durationMs} ms` : '';
  const amount = amountMs === 0 ? '' : ` by ${amountMs} ms`;
  return `${time} ${kind.padEnd(9)} ${victim.padEnd(22)} ${duration}${amount}`.trimEnd();
}
