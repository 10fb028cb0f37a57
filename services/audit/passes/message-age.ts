/** How far back messages are looked for. */
import { moveCheckpoint, readCheckpoint } from '../store/checkpoints.ts';
import { marketClock, type PassContext } from './context.ts';
import { receiptAgeMaxMs } from './find-messages.ts';
import { feedOf } from './read-cut.ts';

const checkpointName = 'messages';
const dayMs = 24 * 3_600_000;

/**
 * The greatest age of a fact whose message is looked for. An install that had an audit which did not look for them may have services that still
 * give messages other ids: there it begins with the facts of the next day.
 */
export async function readMessageAgeMax({ db, nowMs, shards }: PassContext): Promise<number> {
  let { position: since } = await readCheckpoint(db, checkpointName);
  if (since === 0n) {
    const names = ['ledger', ...shards.map(feedOf)];
    const positions = await Promise.all(names.map((name) => readCheckpoint(db, name)));
    const isFirst = positions.every(({ position }) => position === 0n);
    since = isFirst ? 1n : BigInt(nowMs() + dayMs);
    await db.transaction((tx) => moveCheckpoint(tx, checkpointName, 0n, { position: since, detail: '' }));
  }
  return Math.min(receiptAgeMaxMs, nowMs() - Number(since));
}

/** Whether the message of a fact is looked for, by its time on the market's clock or the machine's. */
export function isLookedFor(context: PassContext, timeMs: number | bigint, clock: 'market' | 'machine'): boolean {
  const { messageAgeMaxMs = receiptAgeMaxMs, nowMs } = context;
  const ageMs = clock === 'market' ? marketClock(context).ageMs(Number(timeMs)) : nowMs() - Number(timeMs);
  return ageMs < messageAgeMaxMs;
}
