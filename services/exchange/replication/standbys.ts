import type { ExchangeDeps } from './exchange-deps.ts';

/** A process that follows a shard; `groupNumber` 0: it has no engine yet, or cannot be reached. */
export type StandbyProgress = { address: string; groupNumber: number; sequence: number };

const answerTimeoutMs = 500;

/** The standbys that watch a shard which is served here, each asked how far it is; the closest first. */
export async function standbysOf(deps: ExchangeDeps, shard: number): Promise<StandbyProgress[]> {
  const addresses = new Set(deps.watchers.get(shard) ?? []);
  const standbys = await Promise.all([...addresses].map((address) => ask(deps, shard, address)));
  return standbys.sort((a, b) => b.groupNumber - a.groupNumber);
}

async function ask({ peers }: ExchangeDeps, shard: number, address: string): Promise<StandbyProgress> {
  await using client = peers.standbyClient(address);
  try {
    const { groupNumber, sequence } = await client.getProgress({ shard }, { timeoutMs: answerTimeoutMs });
    return { address, groupNumber: Number(groupNumber), sequence: Number(sequence) };
  } catch {
    return { address, groupNumber: 0, sequence: 0 };
  }
}
