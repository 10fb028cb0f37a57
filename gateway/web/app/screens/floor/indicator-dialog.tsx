import { useState } from 'preact/hooks';
import { Dialog } from '../../frame/dialog.tsx';
import {
  choiceOf,
  choicesMax,
  defaultChoices,
  fieldsOf,
  type IndicatorChoice,
  type IndicatorField,
  type IndicatorKindName,
  indicatorKinds,
  problemOf,
} from '../../store/indicator-choices.ts';
import { preferences, setPreferences } from '../../store/preferences.ts';
import { Button } from '../../ui/button.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';
import './indicator-dialog.css';

type Slots = readonly (IndicatorChoice | undefined)[];

const slotNames = ['First indicator', 'Second indicator', 'Third indicator'];
const options: { value: IndicatorKindName | 'none'; text: string }[] = [
  { value: 'none', text: 'None' },
  ...Object.entries(indicatorKinds).map(([kind, { name, text }]) => ({
    value: kind as IndicatorKindName,
    text: `${name}, ${text.toLowerCase()}`,
  })),
];

/** The choice of the chart's indicators, which acts at once; what cannot be drawn says why, and is not taken. */
export function IndicatorDialog() {
  const [slots, setSlots] = useState(() => slotsOf(preferences.peek().indicators));
  const take = (next: Slots) => {
    setSlots(next);
    const chosen = next.filter((choice) => choice !== undefined);
    if (chosen.every(isRight)) setPreferences({ indicators: chosen });
  };
  return (
    <Dialog title="Indicators">
      {slots.map((choice, index) => (
        <SlotFields
          key={slotNames[index]}
          index={index}
          choice={choice}
          onChange={(changed) => take(slots.with(index, changed))}
        />
      ))}
      <p class="dim">
        RSI, MACD and ATR have a scale of their own, below the prices. Intervals without a trade have no candle and do
        not count.
      </p>
      <Button onClick={() => take(slotsOf(defaultChoices))}>As at first</Button>
    </Dialog>
  );
}

function slotsOf(choices: readonly IndicatorChoice[]): Slots {
  return Array.from({ length: choicesMax }, (_, index) => choices[index]);
}

function isRight(choice: IndicatorChoice): boolean {
  return fieldsOf(choice.kind).every((field) => problemOf(choice, field) === '');
}

type SlotProps = {
  index: number;
  choice: IndicatorChoice | undefined;
  onChange: (choice: IndicatorChoice | undefined) => void;
};

function SlotFields({ index, choice, onChange }: SlotProps) {
  return (
    <fieldset class="indicator-slot">
      <legend>{slotNames[index]}</legend>
      <SelectField
        label="Kind"
        id={`indicator-${index}-kind`}
        options={options}
        value={choice?.kind ?? 'none'}
        onChange={(kind) => onChange(kind === 'none' ? undefined : choiceOf(kind))}
      />
      {choice !== undefined &&
        fieldsOf(choice.kind).map((field) => (
          <NumberField key={field.field} index={index} choice={choice} field={field} onChange={onChange} />
        ))}
    </fieldset>
  );
}

type NumberProps = Pick<SlotProps, 'index' | 'onChange'> & { choice: IndicatorChoice; field: IndicatorField };

function NumberField({ index, choice, field, onChange }: NumberProps) {
  const value = choice[field.field];
  const problem = problemOf(choice, field);
  return (
    <TextField
      label={field.label}
      id={`indicator-${index}-${field.field}`}
      hint={problem === '' ? undefined : `Not drawn: ${problem}`}
      isInvalid={problem !== ''}
      value={Number.isNaN(value) ? '' : String(value)}
      onInput={(text) =>
        onChange({ ...choice, [field.field]: Number.parseInt(text.replace(/\D/g, '').slice(0, 4), 10) })
      }
      input={{ inputMode: 'numeric', autoComplete: 'off' }}
    />
  );
}
