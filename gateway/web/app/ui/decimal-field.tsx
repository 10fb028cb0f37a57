import { microsText, parseMicros, placesOf } from '../figures/decimal.ts';
import { Field } from './field.tsx';

type DecimalFieldProps = {
  label: string;
  id: string;
  value: string;
  onInput: (value: string) => void;
  /** What an arrow key adds, decimal; with Shift ten times that. */
  step: string;
  /** What it counts from while it is empty, decimal. */
  base?: string | undefined;
  hint?: preact.ComponentChildren;
  isInvalid?: boolean | undefined;
};

/** A field of a decimal: text, so that the wheel changes nothing; takes a comma for the point; arrows step. */
export function DecimalField({ label, id, value, onInput, step, base, hint, isInvalid }: DecimalFieldProps) {
  const stepBy = (event: KeyboardEvent) => {
    const way = { ArrowUp: 1n, ArrowDown: -1n }[event.key];
    if (way === undefined) return;
    event.preventDefault();
    const next =
      (parseMicros(value) ?? parseMicros(base) ?? 0n) + way * (parseMicros(step) ?? 0n) * (event.shiftKey ? 10n : 1n);
    if (next > 0n) onInput(microsText(next, placesOf(step)));
  };
  return (
    <Field label={label} id={id} hint={hint} isInvalid={isInvalid}>
      {(control) => (
        <input
          {...control}
          class="decimal"
          inputMode="decimal"
          autocomplete="off"
          maxLength={22}
          value={value}
          onInput={(event) => onInput(event.currentTarget.value)}
          onKeyDown={stepBy}
        />
      )}
    </Field>
  );
}
