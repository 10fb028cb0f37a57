import { connect } from 'node:net';
import { pause } from '#platform/postgres/backoff.ts';
import type { ExchangeDeps } from './exchange-deps.ts';
import type { ShardHolder } from './shard-replica.ts';

const lookAgainMs = 50;
const probeTimeoutMs = 250;

/**
 * Watches the process that serves a shard, as long as this one stands by for it. When its stream breaks and its port refuses
 * connections, the process is gone, and its lease may be taken at once; a false alarm is harmless, since the token decides.
 * Never rejects; ends when the signal aborts.
 */
export async function watchHolder(deps: ExchangeDeps, holder: ShardHolder, signal: AbortSignal): Promise<void> {
  let seen: { address: string; leaseToken: bigint } | undefined;
  while (!signal.aborted) {
    const place = holder.state === 'serving' ? undefined : await holder.whereabouts.find().catch(() => undefined);
    if (place && place.holder !== deps.claimant.holder) {
      const { address } = place;
      const leaseToken = await watchUntilBroken(deps, holder, address, signal);
      if (leaseToken !== undefined) seen = { address, leaseToken };
      if (await refusesConnections(address))
        holder.hint.tryNow(seen?.address === address ? seen.leaseToken : undefined);
    }
    await pause(lookAgainMs, signal);
  }
}

/** Token of the lease under which the watched process served last; undefined when it said nothing. */
async function watchUntilBroken(
  { peers, claimant }: ExchangeDeps,
  { shard }: ShardHolder,
  address: string,
  signal: AbortSignal,
): Promise<bigint | undefined> {
  await using client = peers.standbyClient(address);
  let leaseToken: bigint | undefined;
  try {
    for await (const message of client.watch({ shard, address: claimant.address }, { signal })) {
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
