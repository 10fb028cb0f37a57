import type { ExchangeDeps } from '../deps.ts';

/** A process that follows a shard. `groupNumber` is 0 while it has no engine, or when it cannot be reached. */
export type StandbyProgress = { address: string; groupNumber: number; sequence: number };

const progressTimeoutMs = 500;

/** The standbys of a shard that is served here with their progress, the most advanced first. */
export async function listStandbys(deps: ExchangeDeps, shard: number): Promise<StandbyProgress[]> {
  const addresses = new Set(deps.watchers.get(shard) ?? []);
  const standbys = await Promise.all([...addresses].map((address) => getProgress(deps, shard, address)));
  return standbys.sort((a, b) => b.groupNumber - a.groupNumber);
}

async function getProgress({ peers }: ExchangeDeps, shard: number, address: string): Promise<StandbyProgress> {
  await using client = peers.standbyClient(address);
  try {
    const { groupNumber, sequence } = await client.getProgress({ shard }, { timeoutMs: progressTimeoutMs });
    return { address, groupNumber: Number(groupNumber), sequence: Number(sequence) };
  } catch {
    return { address, groupNumber: 0, sequence: 0 };
  }
}
