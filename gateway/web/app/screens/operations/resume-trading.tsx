import { useState } from 'preact/hooks';
import { ActNote } from '../../acting/act-note.tsx';
import { withIntentKey } from '../../acting/intent-key.ts';
import { useAct } from '../../acting/use-act.ts';
import { Button } from '../../ui/button.tsx';
import { DecimalField } from '../../ui/decimal-field.tsx';
import { marketAdmin } from './staff-clients.ts';

type ResumeTradingProps = { symbol: string; onDone: () => void; onLeave: () => void };

/** Resumes a symbol, after an auction of some seconds or at once. */
export function ResumeTrading({ symbol, onDone, onLeave }: ResumeTradingProps) {
  const [seconds, setSeconds] = useState('60');
  const act = useAct();
  const isValid = /^\d{1,4}$/.test(seconds) && Number(seconds) <= 3_600;
  const resume = async (event: Event) => {
    event.preventDefault();
    if (!isValid) return;
    const isDone = await act.run(async () => {
      const auctionDuration = Number(seconds) === 0 ? {} : { auctionDuration: { seconds: BigInt(seconds), nanos: 0 } };
      await withIntentKey(`resume ${symbol} ${seconds}`, (idempotencyKey) =>
        marketAdmin.resumeInstrument({ idempotencyKey, symbol, ...auctionDuration }),
      );
      return `${symbol} is resumed.`;
    });
    if (isDone) onDone();
  };
  return (
    <form class="grave" onSubmit={resume}>
      <p>
        {symbol}{' '}
        {Number(seconds) === 0 ? 'trades again at once.' : 'collects orders in an auction, and then trades again.'}
      </p>
      <DecimalField
        id="auction-seconds"
        label="Auction, s"
        value={seconds}
        onInput={setSeconds}
        step="10"
        isInvalid={!isValid}
        hint={isValid ? '0: it trades at once' : 'Whole seconds, 0 to 3,600'}
      />
      <ActNote act={act} />
      <div class="buttons">
        <Button type="submit" kind="you" disabled={!isValid || act.isBusy}>
          Resume {symbol}
        </Button>
        <Button onClick={onLeave}>Leave it</Button>
      </div>
    </form>
  );
}
