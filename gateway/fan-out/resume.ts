/** What a reader that goes on after positions is sent. */
import type { SymbolPosition } from '#platform/stream/resume-token.ts';
import type { Channel } from './channel.ts';
import type { Listener } from './listener.ts';

/** Lets the trails of trades begin where the client's positions are, as far as the market can. */
export async function fillTrails({ topics }: Channel, positions: ReadonlyMap<string, SymbolPosition>): Promise<void> {
  for (const topic of topics) {
    const after = positions.get(topic.key.symbol);
    if (after === undefined || after.epoch !== topic.position.epoch) continue;
    const isKnown = topic.trail !== undefined && after.sequence >= topic.trail.fromSequence;
    // A symbol that cannot be read again has a gap.
    if (!isKnown) await topic.fillBefore(after).catch(() => {});
  }
}

/** Sends what a resumed client has missed; then a heartbeat. Quotes, depth and candles are states and need nothing but a gap of candles. */
export function resume(
  channel: Channel,
  listener: Listener<Channel>,
  positions: ReadonlyMap<string, SymbolPosition>,
): void {
  const { kind } = channel.subscription;
  if (kind.name !== 'trades' && kind.name !== 'candles') return;
  const frames: Buffer[] = [];
  for (const { key, position, trail } of channel.topics) {
    const after = positions.get(key.symbol);
    if (after === undefined) continue;
    if (kind.name === 'trades' && after.epoch === position.epoch && after.sequence > position.sequence) {
      listener.skipThrough(key.symbol, after.sequence);
    }
    const isSameEpoch = after.epoch === position.epoch;
    const missed = isSameEpoch ? trail?.after(after.sequence) : undefined;
    const isGap = kind.name === 'candles' ? !isSameEpoch || position.sequence > after.sequence : missed === undefined;
    if (isGap) frames.push(channel.own({ case: 'gap', value: { symbol: key.symbol } }).frame(channel.form));
    const trades = missed ?? (isSameEpoch ? trail?.trades : undefined) ?? [];
    for (const { shared } of trades) frames.push(shared.frame(channel.form));
  }
  if (kind.name === 'trades') frames.push(channel.heartbeat().frame(channel.form));
  listener.write(Buffer.concat(frames));
}
