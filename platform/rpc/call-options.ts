import type { Trace } from '#platform/telemetry/trace-context.ts';

/** What one call may add to what its client has. */
export type CallOptions = {
  /** Cancels the call. It rejects with DEADLINE_EXCEEDED where that or a TimeoutError is the signal's reason, else with CANCELLED. */
  signal?: AbortSignal;
  /** The whole time of a call, retries included, in ms; streams have no deadline unless one is given. */
  timeoutMs?: number;
  /** The user's access token, to pass on. */
  userToken?: string;
  /** Further metadata, ASCII. */
  metadata?: Record<string, string>;
  /** What the call is part of; default: the current trace. */
  trace?: Trace;
};
