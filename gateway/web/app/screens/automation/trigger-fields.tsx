import { microsText } from '../../figures/decimal.ts';
import { figureText } from '../../figures/figure-text.ts';
import { instruments, placesFor } from '../../store/instruments.ts';
import { zone } from '../../store/market-clock.ts';
import { quoteOf } from '../../store/quotes.ts';
import { DecimalField } from '../../ui/decimal-field.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';
import { RadioGroup } from '../../ui/radio-group.tsx';
import type { DraftProblems, RuleDraft } from './rule-draft.ts';
import { type DaysName, dayChoices } from './schedule-words.ts';

/** What fields of a draft take. */
export type DraftFieldsProps = {
  draft: RuleDraft;
  problems: DraftProblems;
  onChange: (changes: Partial<RuleDraft>) => void;
};

/** The symbol, and when something happens with it. */
export function TriggerFields(props: DraftFieldsProps) {
  const { draft, problems, onChange } = props;
  return (
    <>
      <SelectField
        id="rule-symbol"
        label="Symbol"
        isInvalid={problems.symbol !== undefined}
        options={[...instruments.value.values()].map(({ symbol, name }) => ({
          value: symbol,
          text: `${symbol}, ${name}`,
        }))}
        value={draft.symbol}
        onChange={(symbol) => onChange({ symbol, price: '', limitPrice: '', size: '' })}
      />
      {draft.kind === 'recurring' && <ScheduleFields {...props} />}
      {draft.kind === 'price' && <PriceFields {...props} />}
      {draft.kind === 'slice' && <SliceFields {...props} />}
    </>
  );
}

function ScheduleFields({ draft, problems, onChange }: DraftFieldsProps) {
  return (
    <>
      <SelectField
        id="rule-days"
        label="Days"
        options={dayChoices}
        value={draft.days}
        onChange={(days: DaysName) => onChange({ days })}
      />
      <TextField
        id="rule-time"
        label="Time"
        hint={problems.time ?? zone.value.label}
        isInvalid={problems.time !== undefined}
        value={draft.time}
        onInput={(time) => onChange({ time })}
        input={{ inputMode: 'numeric', maxLength: 5, autocomplete: 'off' }}
      />
    </>
  );
}

function PriceFields({ draft, problems, onChange }: DraftFieldsProps) {
  const last = quoteOf(draft.symbol).value?.lastPrice;
  const { price } = placesFor(draft.symbol);
  return (
    <>
      <RadioGroup
        name="rule-direction"
        label="Direction"
        options={[
          { value: 'above', text: 'At or above' },
          { value: 'below', text: 'At or below' },
        ]}
        value={draft.direction}
        onChange={(direction: RuleDraft['direction']) => onChange({ direction })}
      />
      <DecimalField
        id="rule-price"
        label="Price"
        value={draft.price}
        onInput={(text) => onChange({ price: text })}
        step={tickOf(draft.symbol)}
        base={last}
        isInvalid={draft.price !== '' && problems.price !== undefined}
        hint={`Last ${figureText(last, { places: price })}; true at once where it is there already`}
      />
      <RadioGroup
        name="rule-action"
        label="Then"
        options={[
          { value: 'alert', text: 'Send an alert' },
          { value: 'order', text: 'Place an order' },
        ]}
        value={draft.action}
        onChange={(action: RuleDraft['action']) => onChange({ action })}
      />
      {draft.action === 'alert' && (
        <TextField
          id="rule-note"
          label="Text"
          hint="Empty: a standard text"
          value={draft.note}
          onInput={(note) => onChange({ note })}
          input={{ maxLength: 200 }}
        />
      )}
    </>
  );
}

function SliceFields({ draft, problems, onChange }: DraftFieldsProps) {
  return (
    <>
      <RadioGroup
        name="rule-algorithm"
        label="Spread"
        options={[
          { value: 'even', text: 'Evenly' },
          { value: 'volume', text: 'By usual volume' },
        ]}
        value={draft.algorithm}
        onChange={(algorithm: RuleDraft['algorithm']) => onChange({ algorithm })}
      />
      <DecimalField
        id="rule-minutes"
        label="Minutes"
        value={draft.minutes}
        onInput={(minutes) => onChange({ minutes })}
        step="5"
        isInvalid={problems.minutes !== undefined}
        hint={problems.minutes}
      />
      <DecimalField
        id="rule-orders"
        label="Orders"
        value={draft.orderCount}
        onInput={(orderCount) => onChange({ orderCount })}
        step="1"
        isInvalid={problems.orderCount !== undefined}
        hint={problems.orderCount ?? 'Empty: one a minute'}
      />
      <DecimalField
        id="rule-percent"
        label="At most, %"
        value={draft.maxPercent}
        onInput={(maxPercent) => onChange({ maxPercent })}
        step="1"
        isInvalid={problems.maxPercent !== undefined}
        hint={problems.maxPercent ?? 'Of what trades meanwhile; empty: no bound'}
      />
    </>
  );
}

function tickOf(symbol: string): string {
  return instruments.value.get(symbol)?.tickSize ?? microsText(10_000n);
}
