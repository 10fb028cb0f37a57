import { instruments } from '../../store/instruments.ts';
import { DecimalField } from '../../ui/decimal-field.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';
import { RadioGroup } from '../../ui/radio-group.tsx';
import { type AdjustmentDraft, hasCostField, isAmount } from './adjustment-draft.ts';

type AdjustmentFieldsProps = {
  draft: AdjustmentDraft;
  currency: string;
  onChange: (changes: Partial<AdjustmentDraft>) => void;
};

const ways = [
  { value: 'add', text: 'Add' },
  { value: 'take', text: 'Take' },
] as const;

/** What is corrected, by how much, and why. */
export function AdjustmentFields({ draft, currency, onChange }: AdjustmentFieldsProps) {
  return (
    <>
      <RadioGroup
        name="adjust-way"
        label="Add or take"
        options={ways}
        value={draft.way}
        onChange={(way) => onChange({ way })}
      />
      <SelectField
        id="adjust-asset"
        label="Cash or symbol"
        options={[currency, ...instruments.value.keys()].map((asset) => ({ value: asset, text: asset }))}
        value={draft.asset}
        onChange={(asset) => onChange({ asset, cost: '' })}
      />
      <DecimalField
        id="adjust-amount"
        label="Amount"
        hint="At most 1,000,000 at once"
        value={draft.amount}
        onInput={(amount) => onChange({ amount })}
        step="1"
        isInvalid={draft.amount !== '' && !isAmount(draft.amount)}
      />
      {hasCostField(draft, currency) && (
        <DecimalField
          id="adjust-cost"
          label="Cost in all"
          hint={`In ${currency}, what these shares cost; empty: nothing, all of their value is gain`}
          value={draft.cost}
          onInput={(cost) => onChange({ cost })}
          step="1"
        />
      )}
      <TextField
        id="adjust-reason"
        label="Why"
        hint="The owner reads it"
        isWide
        value={draft.reason}
        onInput={(reason) => onChange({ reason })}
        input={{ maxLength: 200, autocomplete: 'off' }}
      />
      <TextField
        id="adjust-reference"
        label="Corrects"
        hint="Id of a trade or transfer on the account's statement, if it corrects one"
        value={draft.reference}
        onInput={(reference) => onChange({ reference })}
        input={{ maxLength: 64, autocomplete: 'off', spellcheck: false }}
      />
    </>
  );
}
