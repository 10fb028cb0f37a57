import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { OutcryError, refused } from '#platform/errors/outcry-error.ts';
import { timeoutSignal } from '#platform/time/within.ts';
import type { ExchangeDeps } from '../deps.ts';
import { HandedOverError, ShardElsewhereError } from './errors.ts';
import { replicaOf } from './find-term.ts';
import { pollUntil } from './poll.ts';
import type { ShardReplica } from './shard-replica.ts';
import { listStandbys } from './standbys.ts';
import type { Head, Term } from './term.ts';

/** The outcome of a handover. */
export type HandoverResult = {
  /** Advertised address of the process that serves the shard now. */
  to: string;
  /** How long no command was matched, measured here. */
  pauseMs: number;
  /** The committed state at which the shard changed hands. */
  head: Head;
};

// A standby that lags further would make the pause long; one that is about to catch up is waited for.
const lagEventsMax = 2_500;
const catchUpTimeoutMs = 5_000;
const pollIntervalMs = 20;
const resumeTimeoutMs = 1_500;
const outcomeTimeoutMs = 5_000;
const progressTimeoutMs = 500;

/**
 * Hands a shard that is served here to a standby: matching pauses, groups in flight are committed, and the standby, whose state is the
 * same, takes the lease and the fencing token. Queued calls are forwarded to it afterwards. Rejects with HANDOVER_NOT_POSSIBLE when no
 * standby can take the shard; then this process goes on serving it. When it is unknown whether the standby took it, the term ends here
 * as well; then the next takeover shows the outcome, and the standby's error is thrown unless it was the one that took over.
 */
export async function handOver(deps: ExchangeDeps, shard: number, toAddress: string): Promise<HandoverResult> {
  const replica = replicaOf(deps, shard);
  const to = await chooseStandby(deps, replica.term(), toAddress);
  await using client = deps.peers.standbyClient(to);
  return replica.handOver(async (term, leaseToken) => {
    const startTimeMs = performance.now();
    await term.pause();
    const head = term.head();
    try {
      const { groupNumber, stateHash } = head;
      const request = { shard, groupNumber: BigInt(groupNumber), stateHash, leaseToken };
      await client.resume(request, { timeoutMs: resumeTimeoutMs });
    } catch (error) {
      if (isRefusal(error)) {
        term.resume();
        throw error;
      }
      // The standby may have the lease by now or get it later. The next holder of the lease serves; until then nothing is answered here.
      term.stop(new HandedOverError('the outcome of a handover is unknown'));
      if (!(await hasTakenOver({ to, client }, replica, term))) throw error;
    }
    return { to, head, pauseMs: performance.now() - startTimeMs };
  });
}

type Standby = { to: string; client: ReturnType<ExchangeDeps['peers']['standbyClient']> };

/** Whether the standby is the one that took the shard over after an ended term, and serves it. */
async function hasTakenOver({ to, client }: Standby, { locator, shard }: ShardReplica, term: Term): Promise<boolean> {
  const check = async () => {
    const owner = await locator.find().catch(() => undefined);
    if (!owner || owner.token <= term.token) return undefined;
    // A later takeover: it may have continued from another head than the one at which this term ended.
    if (owner.token !== term.token + 1n || owner.address !== to) return false;
    const progress = await client.getProgress({ shard }, { timeoutMs: progressTimeoutMs }).catch(() => undefined);
    return progress?.serving ? true : undefined;
  };
  const signal = timeoutSignal(outcomeTimeoutMs);
  return (await pollUntil(check, { intervalMs: pollIntervalMs, signal })) ?? false;
}

/** Whether the standby answered that it did nothing. */
function isRefusal(error: unknown): boolean {
  return error instanceof OutcryError && error.code === Code.FAILED_PRECONDITION;
}

async function chooseStandby(deps: ExchangeDeps, term: Term, toAddress: string): Promise<string> {
  const endTimeMs = performance.now() + catchUpTimeoutMs;
  const findCaughtUp = async () => {
    const standbys = await listStandbys(deps, term.shard);
    const chosen = standbys.find(({ address }) => toAddress === '' || address === toAddress);
    const lagEvents = term.head().sequence - (chosen?.sequence ?? 0);
    if (chosen && chosen.groupNumber > 0 && lagEvents <= lagEventsMax) return chosen.address;
    if (chosen && performance.now() <= endTimeMs) return undefined;
    const metadata = { behind_events: String(lagEvents) };
    throw refused(ErrorReason.HANDOVER_NOT_POSSIBLE, 'no standby is caught up', metadata);
  };
  const address = await pollUntil(findCaughtUp, { intervalMs: pollIntervalMs, signal: term.signal });
  if (address === undefined) throw new ShardElsewhereError(term.shard);
  return address;
}
