import { OrderStatus } from '../model/codes.ts';
import { fromWords } from '../model/columns.ts';
import { EventKind, eventWords } from '../model/event-buffer.ts';
import { levelChecksum } from '../model/level-checksum.ts';
import type { EngineState } from './engine-state.ts';

/** Applies the events since the last call to the records of their orders and the checksums of their books. */
export function applyEvents(state: EngineState): void {
  const { events, records } = state;
  const { words } = events;
  for (let i = state.appliedEvents; i < events.count; i++) {
    const at = i * eventWords;
    const key = words[at + 3]!;
    switch (words[at]) {
      case EventKind.TRADED:
        if (words[at + 7] === 0) finish(state, key, OrderStatus.FILLED, i);
        if (words[at + 8] === 0) finish(state, words[at + 4]!, OrderStatus.FILLED, i);
        break;
      case EventKind.CANCELLED:
        finish(state, key, OrderStatus.CANCELLED, i);
        break;
      case EventKind.REJECTED:
        finish(state, key, OrderStatus.REJECTED, i);
        break;
      case EventKind.REPLACED:
        records.revision[key] = words[at + 7]!;
        break;
      case EventKind.LEVEL_CHANGED:
        addChecksum(state, words, at);
        break;
      default:
    }
  }
  state.appliedEvents = events.count;
}

function finish(state: EngineState, key: number, status: OrderStatus, event: number): void {
  state.records.finish(key, status, state.nowMs, state.sequenceBefore + event + 1);
}

/** Updates the checksum of a book for a changed level, and adds it to the event. */
function addChecksum(state: EngineState, words: Int32Array, at: number): void {
  const book = words[at + 1]!;
  const [side, price] = [words[at + 3]!, words[at + 4]!];
  const before = levelChecksum(side, price, fromWords(words[at + 8]!, words[at + 9]!), words[at + 10]!);
  const after = levelChecksum(side, price, fromWords(words[at + 5]!, words[at + 6]!), words[at + 7]!);
  const checksum = (state.checksums[book]! - before + after) | 0;
  state.checksums[book] = checksum;
  words[at + 11] = checksum;
}
