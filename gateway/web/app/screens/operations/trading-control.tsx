import { useEffect, useState } from 'preact/hooks';
import type { Instrument } from '#gen/outcry/market/v1/market_pb.ts';
import { TradingState } from '#gen/outcry/trading/v1/trading_pb.ts';
import { withIntentKey } from '../../acting/intent-key.ts';
import { TypedName } from '../../acting/typed-name.tsx';
import { Figure } from '../../figures/figure.tsx';
import { instruments, loadInstruments } from '../../store/instruments.ts';
import { quoteOf } from '../../store/quotes.ts';
import { Button } from '../../ui/button.tsx';
import { ReadTable } from '../../ui/read-table.tsx';
import { Loading } from '../../ui/status.tsx';
import { bpsText } from '../money/fee-text.ts';
import { breakerText, tradingStateText } from './instrument-text.ts';
import { ResumeTrading } from './resume-trading.tsx';
import { marketAdmin } from './staff-clients.ts';

const readEveryMs = 5_000;

type Asking = { symbol: string; act: 'halt' | 'resume' };

/** Instruments with their states, halts and breakers; a halt asks for the symbol typed. */
export function TradingControl() {
  const [asking, setAsking] = useState<Asking | undefined>(undefined);
  const rows = [...instruments.value.values()];
  useEffect(() => {
    // Where one has no live quote, its state is that of the list.
    const timer = setInterval(() => document.visibilityState === 'visible' && readAgain(), readEveryMs);
    return () => clearInterval(timer);
  }, []);
  if (rows.length === 0) return <Loading />;
  const done = () => {
    setAsking(undefined);
    readAgain();
  };
  return (
    <>
      {asking?.act === 'halt' && (
        <TypedName
          key={asking.symbol}
          id="halt-symbol"
          sentence={`Trading of ${asking.symbol} stops for everybody until it is resumed. Cancels still work.`}
          name={asking.symbol}
          act={`Halt ${asking.symbol}`}
          work={async () => {
            const { symbol } = asking;
            await withIntentKey(`halt ${symbol}`, (idempotencyKey) =>
              marketAdmin.haltInstrument({ idempotencyKey, symbol }),
            );
            return `${symbol} is halted.`;
          }}
          onDone={done}
          onLeave={() => setAsking(undefined)}
        />
      )}
      {asking?.act === 'resume' && (
        <ResumeTrading key={asking.symbol} symbol={asking.symbol} onDone={done} onLeave={() => setAsking(undefined)} />
      )}
      <ReadTable
        label="Instruments"
        rows={rows}
        keyOf={({ symbol }) => symbol}
        columns={[
          { name: 'Symbol', cell: ({ symbol }) => <b>{symbol}</b> },
          { name: 'Name', kind: 'wide', cell: ({ name }) => name },
          { name: 'State', cell: (instrument) => <State instrument={instrument} /> },
          {
            name: 'Last',
            kind: 'number',
            cell: ({ symbol }) => <Figure value={quoteOf(symbol).value?.lastPrice} />,
          },
          { name: 'Tick', kind: 'number', cell: ({ tickSize }) => <Figure value={tickSize} /> },
          { name: 'Lot', kind: 'number', cell: ({ lotSize }) => <Figure value={lotSize} /> },
          { name: 'Band', kind: 'number', cell: ({ bandBps }) => (bandBps === 0 ? 'none' : bpsText(bandBps)) },
          { name: 'Breaker', cell: breakerText },
          { name: 'Days', cell: ({ calendar }) => calendar },
          { name: 'Acts', kind: 'acts', cell: (instrument) => <Acts instrument={instrument} onAsk={setAsking} /> },
        ]}
      />
    </>
  );
}

function readAgain(): void {
  void loadInstruments().catch(() => {});
}

function stateOf({ symbol, state, haltCause }: Instrument) {
  // The quote is live, the list of instruments is not.
  const quote = quoteOf(symbol).value;
  return quote === undefined ? { state, cause: haltCause } : { state: quote.state, cause: quote.haltCause };
}

function State({ instrument }: { instrument: Instrument }) {
  const { state, cause } = stateOf(instrument);
  const text = tradingStateText(state, cause);
  return state === TradingState.HALTED ? <b class="inverted flag">{text}</b> : <span>{text}</span>;
}

function Acts({ instrument, onAsk }: { instrument: Instrument; onAsk: (asking: Asking) => void }) {
  const { symbol } = instrument;
  const act = stateOf(instrument).state === TradingState.HALTED ? 'resume' : 'halt';
  return (
    <Button
      isSmall
      aria-label={`${act === 'halt' ? 'Halt' : 'Resume'} ${symbol}`}
      onClick={() => onAsk({ symbol, act })}
    >
      {act === 'halt' ? 'Halt' : 'Resume'}
    </Button>
  );
}
