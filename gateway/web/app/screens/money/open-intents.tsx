import { figureText } from '../../figures/figure-text.ts';
import { Button } from '../../ui/button.tsx';
import { forget, type OpenIntent, openIntents, send } from './send-transfer.ts';

/** Transfers that were sent and have no answer yet: what is known of each, until all is. */
export function OpenIntents() {
  if (openIntents.value.length === 0) return null;
  return (
    <ul class="intents" aria-label="Without an answer">
      {openIntents.value.map((intent) => (
        <li key={intent.key} class="note old">
          <b>
            {intent.direction === 'deposit' ? 'Deposit' : 'Withdrawal'} of {figureText(intent.amount, { places: 2 })}
          </b>{' '}
          <Known intent={intent} />
        </li>
      ))}
    </ul>
  );
}

function Known({ intent }: { intent: OpenIntent }) {
  if (intent.state === 'sending') return <>is being sent.</>;
  if (intent.state === 'looking') return <>was sent, no answer yet, looking.</>;
  return (
    <>
      never came to the server; nothing was moved.{' '}
      <Button isSmall onClick={() => void send(intent)}>
        Send it again
      </Button>{' '}
      <Button isSmall onClick={() => forget(intent)}>
        Drop it
      </Button>
    </>
  );
}
