import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { OutcryError, refused } from '#platform/errors/outcry-error.ts';
import { pause } from '#platform/postgres/backoff.ts';
import { type ExchangeDeps, holderOf } from './exchange-deps.ts';
import { HandedOverError } from './shard-replica.ts';
import { standbysOf } from './standbys.ts';
import type { Head, Term } from './term.ts';

/** What became of a handover. */
export type HandedOver = {
  to: string;
  /** How long no command was matched, as seen here. */
  pauseMs: number;
  /** Where both processes stood. */
  head: Head;
};

// A standby that is further behind would make the pause long; one that is about to be closer is waited for.
const behindEventsMax = 2_500;
const catchUpWaitMs = 5_000;
const lookAgainMs = 20;
const resumeTimeoutMs = 1_500;

/**
 * Hands a shard that is served here to a standby: matching pauses, what is in flight is committed, and the standby, which has the
 * same state, takes lease and token. What waits here is passed on to it afterwards. Rejects with HANDOVER_NOT_POSSIBLE when
 * nobody can take it; then it is served on. When it is not known whether the standby took it, the term ends here too.
 */
export async function handOver(deps: ExchangeDeps, shard: number, toAddress: string): Promise<HandedOver> {
  const holder = holderOf(deps, shard);
  const to = await chooseStandby(deps, holder.term(), toAddress);
  await using client = deps.peers.standbyClient(to);
  return holder.handOver(async (term, leaseToken) => {
    const startTimeMs = performance.now();
    try {
      await term.pause();
      const head = term.head();
      const { groupNumber, stateHash } = head;
      const request = { shard, groupNumber: BigInt(groupNumber), stateHash, leaseToken };
      await client.resume(request, { timeoutMs: resumeTimeoutMs });
      return { to, head, pauseMs: performance.now() - startTimeMs };
    } catch (error) {
      if (isRefusal(error)) term.resume();
      // It may have the lease by now, or get it later: whoever wins it anew serves, and nothing is answered from here until then.
      else term.stop(new HandedOverError('what became of a handover is not known'));
      throw error;
    }
  });
}

/** Whether the standby has said that it did nothing. */
function isRefusal(error: unknown): boolean {
  return error instanceof OutcryError && error.code === Code.FAILED_PRECONDITION;
}

async function chooseStandby(deps: ExchangeDeps, term: Term, toAddress: string): Promise<string> {
  const endTimeMs = performance.now() + catchUpWaitMs;
  for (;;) {
    const standbys = await standbysOf(deps, term.shard);
    const chosen = standbys.find(({ address }) => toAddress === '' || address === toAddress);
    const behindEvents = term.head().sequence - (chosen?.sequence ?? 0);
    if (chosen && chosen.groupNumber > 0 && behindEvents <= behindEventsMax) return chosen.address;
    if (!chosen || performance.now() > endTimeMs) {
      const metadata = { behind_events: String(behindEvents) };
      throw refused(ErrorReason.HANDOVER_NOT_POSSIBLE, 'no standby is caught up', metadata);
    }
    await pause(lookAgainMs, term.signal);
  }
}
