import type { ComponentChildren } from 'preact';
import { microsText, parseMicros } from '../../figures/decimal.ts';
import { Figure } from '../../figures/figure.tsx';
import { exactAmount } from '../../figures/figure-text.ts';
import { isLoggedIn } from '../../rpc/session.ts';
import { account } from '../../store/account.ts';
import { placesFor } from '../../store/instruments.ts';
import { selectedInstrument } from '../../store/selected-instrument.ts';
import { selectedSymbol } from '../../store/selection.ts';
import { draft } from './draft.ts';
import { preview } from './preview.ts';
import { shownEstimate, shownNote } from './ticket-facts.ts';

/** The receipt: what the order costs and holds, and what the account has before and after it. Its height never changes. */
export function Receipt() {
  const now = shownEstimate.value;
  const { price, average } = placesFor(selectedSymbol.value);
  const answer = preview.value;
  const fills = now === undefined ? undefined : microsText(now.filled);
  const averageNow = now?.average === undefined ? undefined : microsText(now.average);
  return (
    <>
      <dl class="receipt">
        <Line name="Fills now, about">
          <Figure value={fills} trimmed />
        </Line>
        <Line name="Average, about">
          <Figure value={averageNow} places={average} />
        </Line>
        <Line name="At worst">
          <Figure value={answer?.worstPrice} places={price} />
        </Line>
        <Line name="Fee, at most">
          <Figure value={answer?.feeMax} {...exactAmount} />
        </Line>
        <Line name={`Holds ${selectedInstrument.value?.currency ?? ''}`}>
          <Figure value={answer?.holdCash} {...exactAmount} />
        </Line>
        <Line name="Cash free">
          <BeforeAfter before={account.value?.cash?.available} less={answer?.holdCash} placesMin={2} />
        </Line>
        <Line name={`${selectedSymbol.value} held`}>
          <BeforeAfter before={heldShares()} less={change(answer?.quantity)} />
        </Line>
      </dl>
      <p class="receipt-note">{shownNote}</p>
      {!isLoggedIn.value && <p class="dim">Log in to see cost and fee.</p>}
    </>
  );
}

function Line({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function BeforeAfter({
  before,
  less,
  placesMin,
}: {
  before: string | undefined;
  less: string | undefined;
  placesMin?: number;
}) {
  const [had, taken] = [parseMicros(before), parseMicros(less)];
  if (had === undefined || taken === undefined || taken === 0n)
    return <Figure value={before} trimmed placesMin={placesMin} />;
  return (
    <>
      <Figure class="dim" value={before} trimmed placesMin={placesMin} />
      <span class="dim"> → </span>
      <Figure value={microsText(had - taken)} trimmed placesMin={placesMin} />
    </>
  );
}

function heldShares(): string | undefined {
  if (account.value === undefined) return undefined;
  return account.value.shares.get(selectedSymbol.value)?.total ?? '0';
}

// What a sale takes from the shares, and a buy adds to them.
function change(quantity: string | undefined): string | undefined {
  if (quantity === undefined || quantity === '') return undefined;
  return draft.value.side === 'sell' ? quantity : `-${quantity}`;
}
