import { Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import { Figure, Triangle } from '../../figures/figure.tsx';
import { millisOf, timeText } from '../../figures/time-text.ts';
import { placesFor } from '../../store/instruments.ts';
import { nowMs, zone } from '../../store/market-clock.ts';
import { isTapeLoaded, tape } from '../../store/tape.ts';
import type { TapeEntry } from '../../store/tape-ring.ts';
import { Panel } from '../../ui/panel.tsx';
import { Empty, Loading } from '../../ui/status.tsx';

const shownMax = 60;

/** The tape: trades as they happen, newest first; a hatched band where some are missing. */
export function TapePanel() {
  const { entries, symbol } = tape.value;
  return (
    <Panel name="Tape" class="tape">
      <div class="tape-row head dim">
        <span>Time</span>
        <span class="number">Size</span>
        <span class="number">Price</span>
      </div>
      {entries.length === 0 && (isTapeLoaded.value ? <Empty>No trades yet.</Empty> : <Loading />)}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls is reached by the keyboard */}
      <ul class="panel-body" tabIndex={0} aria-label={`Trades of ${symbol}`}>
        {entries.slice(0, shownMax).map((entry) => (
          <Entry key={entry.kind === 'trade' ? entry.trade.tradeId : entry.key} entry={entry} />
        ))}
      </ul>
    </Panel>
  );
}

function Entry({ entry }: { entry: TapeEntry }) {
  if (entry.kind === 'gap') {
    return (
      <li class="tape-gap">{entry.missed === 0 ? 'Trades are missing here' : `${entry.missed} trades not shown`}</li>
    );
  }
  const { trade } = entry;
  const isSale = trade.takerSide === Side.SELL;
  return (
    <li class="tape-row">
      <span class="figure dim">{timeText(millisOf(trade.time), zone.value, nowMs.peek())}</span>
      <span class="number">
        <Figure value={trade.quantity} places={placesFor(trade.symbol).quantity} trimmed />
      </span>
      <span class={isSale ? 'number down' : 'number up'}>
        <Triangle direction={isSale ? 'down' : 'up'} />
        <Figure value={trade.price} places={placesFor(trade.symbol).price} />
      </span>
    </li>
  );
}
