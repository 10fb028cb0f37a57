import { useState } from 'preact/hooks';
import { exactAmount, figureText } from '../../figures/figure-text.ts';
import { type Failure, failureText } from '../../rpc/failure.ts';
import { account } from '../../store/account.ts';
import { Button } from '../../ui/button.tsx';
import { DecimalField } from '../../ui/decimal-field.tsx';
import { RadioGroup } from '../../ui/radio-group.tsx';
import { sendTransfer } from './send-transfer.ts';
import { type Direction, plainAmount, transferProblem } from './transfer-text.ts';

/** Deposit and withdrawal. Each press is one transfer with one key. */
export function TransferForm({ onSent }: { onSent: () => void }) {
  const [direction, setDirection] = useState<Direction>('deposit');
  const [text, setText] = useState('');
  const [failure, setFailure] = useState<Failure | undefined>(undefined);
  const cash = account.value?.cash;
  const problem = transferProblem(direction, text, cash);
  const isReady = text.trim() !== '' && problem === undefined;
  const send = (event: Event) => {
    event.preventDefault();
    if (!isReady) return;
    // Emptied at once, so that a second press has nothing to send.
    setText('');
    setFailure(undefined);
    void sendTransfer(direction, text).then((refused) => {
      if (refused !== undefined) {
        setFailure(refused);
        setText(text);
      }
      onSent();
    });
  };
  const verb = direction === 'deposit' ? 'Deposit' : 'Withdraw';
  return (
    <form class="form" aria-label="Deposit or withdraw" onSubmit={send}>
      <RadioGroup
        name="direction"
        label="Direction"
        options={[
          { value: 'deposit', text: 'Deposit' },
          { value: 'withdraw', text: 'Withdraw' },
        ]}
        value={direction}
        onChange={setDirection}
      />
      <DecimalField
        id="transfer-amount"
        label={`Amount, ${cash?.asset ?? 'USD'}`}
        value={text}
        onInput={setText}
        step="100"
        isInvalid={problem !== undefined}
        hint={
          problem !== undefined ? (
            <>
              {problem.text}{' '}
              {problem.fix !== undefined && (
                <Button isSmall onClick={() => setText(problem.fix ?? '')}>
                  {verb} {figureText(problem.fix)}
                </Button>
              )}
            </>
          ) : direction === 'withdraw' ? (
            `${figureText(cash?.available, exactAmount)} free`
          ) : undefined
        }
      />
      {failure !== undefined && <p class="note bad">{failureText(failure)}</p>}
      <Button type="submit" kind="you" disabled={!isReady}>
        {isReady ? `${verb} ${figureText(plainAmount(text), { places: 2 })} ${cash?.asset ?? 'USD'}` : verb}
      </Button>
    </form>
  );
}
