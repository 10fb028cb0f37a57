import { instruments } from '../../store/instruments.ts';
import { quoteOf } from '../../store/quotes.ts';
import { DecimalField } from '../../ui/decimal-field.tsx';
import { RadioGroup } from '../../ui/radio-group.tsx';
import { mayUseAmount, type RuleDraft } from './rule-draft.ts';
import type { DraftFieldsProps } from './trigger-fields.tsx';

/** What an automation orders. */
export function OrderFields({ draft, problems, onChange }: DraftFieldsProps) {
  const instrument = instruments.value.get(draft.symbol);
  const isAmount = draft.sizeBy === 'amount' && mayUseAmount(draft);
  return (
    <>
      <RadioGroup
        name="rule-side"
        label="Side"
        options={[
          { value: 'buy', text: 'Buy' },
          { value: 'sell', text: 'Sell' },
        ]}
        value={draft.side}
        onChange={(side: RuleDraft['side']) => onChange({ side })}
      />
      <RadioGroup
        name="rule-type"
        label="Type"
        options={[
          { value: 'market', text: 'Market' },
          { value: 'limit', text: 'Limit' },
        ]}
        value={draft.type}
        onChange={(type: RuleDraft['type']) => onChange({ type })}
      />
      {mayUseAmount(draft) && (
        <RadioGroup
          name="rule-size-by"
          label="Size in"
          options={[
            { value: 'quantity', text: 'Shares' },
            { value: 'amount', text: 'Cash to spend' },
          ]}
          value={draft.sizeBy}
          onChange={(sizeBy: RuleDraft['sizeBy']) => onChange({ sizeBy })}
        />
      )}
      <DecimalField
        id="rule-size"
        label={isAmount ? 'Cash, fee included' : 'Shares'}
        value={draft.size}
        onInput={(size) => onChange({ size })}
        step={isAmount ? '50' : (instrument?.lotSize ?? '1')}
        isInvalid={draft.size !== '' && problems.size !== undefined}
      />
      {draft.type === 'limit' && (
        <DecimalField
          id="rule-limit"
          label="Limit"
          value={draft.limitPrice}
          onInput={(limitPrice) => onChange({ limitPrice })}
          step={instrument?.tickSize ?? '0.01'}
          base={quoteOf(draft.symbol).value?.lastPrice}
          isInvalid={draft.limitPrice !== '' && problems.limitPrice !== undefined}
        />
      )}
    </>
  );
}
