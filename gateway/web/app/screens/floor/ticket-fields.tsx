import { computed } from '@preact/signals';
import { microsText, parseMicros, roundedDown } from '../../figures/decimal.ts';
import { zone } from '../../store/market-clock.ts';
import { selectedInstrument, selectedQuote } from '../../store/selected-instrument.ts';
import { Button } from '../../ui/button.tsx';
import { DecimalField } from '../../ui/decimal-field.tsx';
import { Field, SelectField } from '../../ui/field.tsx';
import { changeDraft, draft, priceSource } from './draft.ts';
import { type DecimalName, fieldsFor } from './draft-fields.ts';
import { type DraftTime, draftTimes, timeOf, timesFor } from './draft-times.ts';
import { isList } from './draft-types.ts';
import { greatestQuantity } from './greatest-quantity.ts';
import { steps } from './preview.ts';
import { quantityMax } from './ticket-facts.ts';

const labels: Record<DecimalName, string> = {
  quantity: 'Quantity',
  limitPrice: 'Limit price',
  stopPrice: 'Stop price',
  trail: 'Trail',
  displayQuantity: 'Shown size',
  targetPrice: 'Take profit',
  minimumQuantity: 'At least',
  worstPrice: 'Worst price',
};

const moneyLabels: Partial<Record<DecimalName, string>> = { targetPrice: 'Gain, at least', stopPrice: 'Loss, at most' };

const isByCash = computed(
  () => draft.value.type === 'market' && draft.value.side === 'buy' && draft.value.sizedBy === 'cash',
);

/** The fields that go with the type, and the time in force. */
export function TicketFields() {
  const { type } = draft.value;
  return (
    <>
      {fieldsFor(draft.value).map((name) => (
        <DraftField key={name} name={name} />
      ))}
      {isList(type) && <ExitBy />}
      <TimeField />
      {(type === 'limit' || type === 'iceberg') && <MoreFields />}
      {(type === 'stop' || type === 'trailing') && <WorstPrice />}
    </>
  );
}

function DraftField({ name }: { name: DecimalName }) {
  const isQuantity = name === 'quantity' || name === 'displayQuantity' || name === 'minimumQuantity';
  const isPercent = name === 'trail' && draft.value.trailBy === 'percent';
  const step = isQuantity
    ? isByCash.value
      ? '1'
      : selectedInstrument.value?.lotSize
    : isPercent
      ? '0.1'
      : selectedInstrument.value?.tickSize;
  const money = draft.value.type === 'bracket' && draft.value.exitsIn === 'money' ? moneyLabels[name] : undefined;
  const label = name === 'quantity' && isByCash.value ? 'Cash' : isPercent ? 'Trail %' : (money ?? labels[name]);
  return (
    <>
      <DecimalField
        id={`ticket-${name}`}
        label={label}
        value={draft.value[name]}
        step={step ?? '1'}
        base={isQuantity || isPercent || money !== undefined ? '0' : selectedQuote.value?.lastPrice}
        onInput={(value) => changeDraft({ [name]: value })}
        hint={sourceText(name)}
      />
      {name === 'quantity' && <Parts />}
      {name === 'trail' && <TrailBy />}
    </>
  );
}

function sourceText(name: DecimalName): string | undefined {
  const source = priceSource.value;
  if (
    source === undefined ||
    (name !== 'limitPrice' && name !== 'stopPrice' && name !== 'targetPrice') ||
    draft.value[name] !== source.price
  )
    return undefined;
  return 'from the book';
}

// Parts of what can be traded, rounded down to a lot.
function Parts() {
  const max = quantityMax.value;
  const take = async (percent: bigint) => {
    const before = draft.peek();
    const all = await greatestQuantity();
    // What was typed meanwhile stays.
    if (draft.peek() !== before) return;
    changeDraft({ quantity: microsText(roundedDown((all * percent) / 100n, steps.peek().lot)), sizedBy: 'shares' });
  };
  const { type, side, sizedBy } = draft.value;
  return (
    <div class="ticket-parts">
      {type === 'market' && side === 'buy' && (
        <Button
          isSmall
          aria-pressed={sizedBy === 'cash'}
          onClick={() => changeDraft({ sizedBy: sizedBy === 'cash' ? 'shares' : 'cash' })}
        >
          {sizedBy === 'cash' ? 'by shares' : 'by cash'}
        </Button>
      )}
      {[25n, 50n, 75n, 100n].map((percent) => (
        <Button key={String(percent)} isSmall disabled={max <= 0n} onClick={() => void take(percent)}>
          {percent === 100n ? 'Max' : `${percent}\u2009%`}
        </Button>
      ))}
    </div>
  );
}

function TrailBy() {
  const { trailBy } = draft.value;
  const other = trailBy === 'percent' ? 'price' : 'percent';
  return (
    <div class="ticket-parts">
      <Button isSmall onClick={() => changeDraft({ trailBy: other, trail: '' })}>
        {other === 'price' ? 'as a price' : 'in percent'}
      </Button>
    </div>
  );
}

function ExitBy() {
  const { type, exitBy, exitsIn } = draft.value;
  const other = exitBy === 'stop' ? 'trail' : 'stop';
  const otherIn = exitsIn === 'price' ? 'money' : 'price';
  return (
    <div class="ticket-parts">
      {type === 'bracket' && exitBy === 'stop' && (
        <Button isSmall onClick={() => changeDraft({ exitsIn: otherIn })}>
          {otherIn === 'money' ? 'exits as money' : 'exits as prices'}
        </Button>
      )}
      <Button isSmall onClick={() => changeDraft({ exitBy: other })}>
        {other === 'trail' ? 'a stop that trails' : 'a stop at a price'}
      </Button>
    </div>
  );
}

function WorstPrice() {
  return (
    <details class="ticket-more" open={draft.value.worstPrice !== ''}>
      <summary>More</summary>
      <DraftField name="worstPrice" />
    </details>
  );
}

function TimeField() {
  const { type } = draft.value;
  const time = timeOf(draft.value);
  return (
    <>
      <SelectField
        id="ticket-time"
        label="Time in force"
        options={timesFor(type).map((value) => ({ value, text: draftTimes[value].text }))}
        value={time}
        onChange={(timeInForce: DraftTime) => changeDraft({ timeInForce })}
      />
      {time === 'GTD' && (
        <Field id="ticket-expires" label={`Until, ${zone.value.label}`}>
          {(control) => (
            <input
              {...control}
              type="datetime-local"
              step={1}
              value={draft.value.expireTime}
              onInput={(event) => changeDraft({ expireTime: event.currentTarget.value })}
            />
          )}
        </Field>
      )}
    </>
  );
}

function MoreFields() {
  const { type, postOnly, minimumQuantity } = draft.value;
  return (
    <details class="ticket-more" open={postOnly || parseMicros(minimumQuantity) !== undefined}>
      <summary>More</summary>
      <label>
        <input
          type="checkbox"
          checked={postOnly}
          onChange={(event) => changeDraft({ postOnly: event.currentTarget.checked })}
        />{' '}
        Only rest, never take
      </label>
      {type === 'limit' && !postOnly && <DraftField name="minimumQuantity" />}
    </details>
  );
}
