import { connect } from 'node:net';
import { pause } from '#platform/time/pause.ts';
import type { ExchangeDeps } from '../deps.ts';
import type { ShardReplica } from './shard-replica.ts';

const pollIntervalMs = 50;
const probeTimeoutMs = 250;

/**
 * Watches the process that serves a shard for as long as this one is its standby. When the Watch stream breaks and the port refuses
 * connections, the leader is gone and its lease may be acquired at once; a false alarm is harmless, because the fencing token decides.
 * Never rejects; ends when the signal aborts.
 */
export async function watchLeader(deps: ExchangeDeps, replica: ShardReplica, signal: AbortSignal): Promise<void> {
  let seen: { address: string; leaseToken: bigint } | undefined;
  const watchOnce = async () => {
    const owner = await replica.locator.find().catch(() => undefined);
    if (!owner || owner.name === deps.self.name) return;
    const { address } = owner;
    const leaseToken = await watchUntilBroken(deps, replica, address, signal);
    if (leaseToken !== undefined) seen = { address, leaseToken };
    if (await refusesConnections(address)) {
      replica.leaseTrigger.acquireNow(seen?.address === address ? seen.leaseToken : undefined);
    }
  };
  while (!signal.aborted) {
    // The process that serves has no leader to watch, and need not wake up for that.
    if (replica.state === 'serving') await replica.changed.wait(signal);
    else {
      await watchOnce();
      await pause(pollIntervalMs, signal);
    }
  }
}

/** Token of the lease under which the watched process served last; undefined when it sent no message. */
async function watchUntilBroken(
  { peers, self }: ExchangeDeps,
  { shard }: ShardReplica,
  address: string,
  signal: AbortSignal,
): Promise<bigint | undefined> {
  await using client = peers.standbyClient(address);
  let leaseToken: bigint | undefined;
  try {
    for await (const message of client.watch({ shard, address: self.address }, { signal })) {
      leaseToken = message.leaseToken;
    }
  } catch {
    // Broken, or refused by a process that does not serve the shard.
  }
  return leaseToken;
}

function refusesConnections(address: string): Promise<boolean> {
  const { hostname, port } = new URL(`tcp://${address}`);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port), timeout: probeTimeoutMs });
    const end = (refused: boolean) => {
      socket.destroy();
      resolve(refused);
    };
    socket.once('connect', () => end(false));
    socket.once('timeout', () => end(false));
    socket.once('error', (error: NodeJS.ErrnoException) => end(error.code === 'ECONNREFUSED'));
  });
}
