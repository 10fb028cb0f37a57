import { useState } from 'preact/hooks';
import { parseMicros } from '../../figures/decimal.ts';
import { preferences, setPreferences } from '../../store/preferences.ts';
import { DecimalField } from '../../ui/decimal-field.tsx';

/** From which value on an order is large. */
export function LargeOrder() {
  const stored = preferences.value.largeOrder;
  const [text, setText] = useState(stored === 0 ? '' : String(stored));
  const isInvalid = text !== '' && parseMicros(text) === undefined;
  const change = (next: string) => {
    setText(next);
    const value = next === '' ? 0 : Number(next.replace(',', '.'));
    if (Number.isFinite(value) && value >= 0 && value <= 1e12) setPreferences({ largeOrder: value });
  };
  return (
    <DecimalField
      id="large-order"
      label="Large from"
      value={text}
      onInput={change}
      step="1000"
      isInvalid={isInvalid}
      hint={isInvalid ? 'Not a number.' : text === '' ? 'Empty: a tenth of your equity' : 'Value of an order'}
    />
  );
}
