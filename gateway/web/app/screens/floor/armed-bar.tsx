import { useState } from 'preact/hooks';
import { figureText } from '../../figures/figure-text.ts';
import { openSheet } from '../../frame/sheets.ts';
import { isLoggedIn, ofPerson } from '../../rpc/session.ts';
import { selectedInstrument } from '../../store/selected-instrument.ts';
import { Button } from '../../ui/button.tsx';
import { DecimalField } from '../../ui/decimal-field.tsx';
import { arm, armedBlock, armedSize, disarm } from './armed.ts';
import { draft } from './draft.ts';

const isAsking = ofPerson(false);

/** Asks for the size with which the Pit is armed, or disarms it. */
export function ArmButton() {
  const press = () => {
    if (armedSize.peek() !== '') disarm();
    else if (isLoggedIn.peek()) isAsking.value = !isAsking.peek();
    else openSheet.value = 'log in';
  };
  return (
    <Button isSmall aria-pressed={armedSize.value !== ''} onClick={press}>
      {armedSize.value === '' ? 'Arm' : 'Disarm'}
    </Button>
  );
}

/** What stands over the ladder: nothing, the form of the size, or what a press does. */
export function ArmedBar() {
  if (armedSize.value !== '') return <Armed />;
  return isAsking.value && isLoggedIn.value ? <ArmForm /> : null;
}

function Armed() {
  const { side } = draft.value;
  const size = figureText(armedSize.value, { trimmed: true });
  return (
    <p class="armed" data-side={side}>
      <b>ARMED {size}</b>
      <span>
        {armedBlock.value === ''
          ? `a press ${side === 'buy' ? 'buys' : 'sells'} at its price`
          : `off: ${armedBlock.value}`}
      </span>
    </p>
  );
}

function ArmForm() {
  const [size, setSize] = useState('');
  const [problem, setProblem] = useState('');
  const send = (event: Event) => {
    event.preventDefault();
    const found = arm(size);
    setProblem(found);
    if (found === '') isAsking.value = false;
  };
  return (
    <form class="arm-form" aria-label="Arm the Pit" onSubmit={send}>
      <DecimalField
        id="arm-size"
        label="Size of a press"
        value={size}
        step={selectedInstrument.value?.lotSize ?? '1'}
        onInput={setSize}
        isInvalid={problem !== ''}
        hint={problem || 'Until you disarm it, or leave the symbol'}
      />
      <Button type="submit" kind="you">
        Arm
      </Button>
    </form>
  );
}
