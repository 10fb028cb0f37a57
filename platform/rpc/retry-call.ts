/** Sends a call again while its peer cannot be reached, and within a budget while the peer says that it cannot serve. */
import type { ChannelInterface } from '@grpc/grpc-js';
import { connectivityState } from '@grpc/grpc-js';
import { Code } from '#platform/errors/code.ts';
import { OutcryError } from '#platform/errors/outcry-error.ts';
import { backoffMs, pause } from '#platform/time/pause.ts';
import type { RetryBudget } from './retry-budget.ts';

/** The call to repeat, its deadline and budget, and a listener for retries. */
export type RetryOptions<R> = {
  /** One attempt. */
  send: () => Promise<R>;
  channel: Pick<ChannelInterface, 'getConnectivityState'>;
  /** Unix time at which the call is over. */
  deadlineTimeMs: number;
  budget: RetryBudget;
  /** Aborts the wait between two attempts. */
  signal: AbortSignal | undefined;
  onRetry: (retry: { attempts: number; delayMs: number }) => void;
};

const backoffMinMs = 50;
const backoffMaxMs = 500;

/**
 * The response of the first attempt that does not end UNAVAILABLE. An attempt that found no connection was never sent and so
 * costs the peer nothing: it is repeated until the deadline. All others are paid for from the budget. Rejects with the last error,
 * or, when the deadline ended the last attempt, with the error of the attempt before it.
 */
export async function retryCall<R>(options: RetryOptions<R>): Promise<R> {
  const { send, channel, deadlineTimeMs, budget, signal, onRetry } = options;
  let lastSaid: OutcryError | undefined;
  for (let attempts = 1; ; attempts += 1) {
    const wasConnected = isConnected(channel);
    try {
      return await send();
    } catch (error) {
      if (!isUnavailable(error)) throw (isLate(error) && lastSaid) || error;
      lastSaid = error;
      const delayMs = Math.max(error.retryDelayMs ?? 0, backoffMs(attempts - 1, backoffMinMs, backoffMaxMs));
      const wasSent = wasConnected || isConnected(channel);
      if (Date.now() + delayMs >= deadlineTimeMs || (wasSent && !budget.tryRetry())) throw error;
      onRetry({ attempts, delayMs });
      await pause(delayMs, signal);
      if (signal?.aborted) throw error;
    }
  }
}

function isConnected(channel: RetryOptions<unknown>['channel']): boolean {
  return channel.getConnectivityState(false) === connectivityState.READY;
}

function isUnavailable(error: unknown): error is OutcryError {
  return error instanceof OutcryError && error.code === Code.UNAVAILABLE;
}

function isLate(error: unknown): boolean {
  return error instanceof OutcryError && error.code === Code.DEADLINE_EXCEEDED;
}
