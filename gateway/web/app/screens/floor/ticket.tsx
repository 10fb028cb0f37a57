import { shownState } from '../../frame/shown-state.ts';
import { isLoggedIn } from '../../rpc/session.ts';
import { selectedSymbol } from '../../store/selection.ts';
import { SelectField } from '../../ui/field.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Panel } from '../../ui/panel.tsx';
import { RadioGroup } from '../../ui/radio-group.tsx';
import { changeDraft, draft } from './draft.ts';
import { type DraftType, draftTypes } from './draft-types.ts';
import { IntentLines } from './intent-lines.tsx';
import { Receipt } from './receipt.tsx';
import { blockedText, isTicked, press, step, stepBack } from './send-draft.ts';
import './ticket.css';
import { actWords, isSendable, shownRisk } from './ticket-facts.ts';
import { TicketFields } from './ticket-fields.tsx';
import { TicketProblems } from './ticket-problems.tsx';

const typeTexts: Partial<Record<DraftType, string>> = {
  OCO: 'OCO: two exits',
  bracket: 'Bracket: entry, two exits',
};

const typeOptions = draftTypes.map((value) => ({
  value,
  text: typeTexts[value] ?? value.charAt(0).toUpperCase() + value.slice(1),
}));

/** The ticket: side, type, fields, receipt, and one button that says its act. */
export function Ticket() {
  return (
    <Panel name="Ticket" class="ticket-panel" head={<h2>Ticket: {selectedSymbol}</h2>}>
      <div class="panel-body">
        <Form />
      </div>
    </Panel>
  );
}

function Form() {
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && step.peek().name === 'review') {
      event.preventDefault();
      stepBack();
    }
    if (event.key !== 'Enter' || !(event.target instanceof HTMLInputElement)) return;
    event.preventDefault();
    press({ isRepeat: event.repeat });
  };
  return (
    <form class="ticket-form" aria-label="Ticket" onSubmit={(event) => event.preventDefault()} onKeyDown={onKeyDown}>
      <RadioGroup
        name="side"
        label="Side"
        class="ticket-sides"
        options={[
          { value: 'buy', text: <Side name="buy" text="Buy" /> },
          { value: 'sell', text: <Side name="sell" text="Sell" /> },
        ]}
        value={draft.value.side}
        onChange={(side) => changeDraft({ side })}
      />
      <SelectField
        id="ticket-type"
        label="Type"
        options={typeOptions}
        value={draft.value.type}
        onChange={(type: DraftType) => changeDraft({ type })}
      />
      <TicketFields />
      <TicketProblems />
      <Receipt />
      <Confirm />
      <Send />
      <IntentLines />
    </form>
  );
}

function Side({ name, text }: { name: 'buy' | 'sell'; text: string }) {
  return (
    <>
      <Icon name={name} />
      {text}
    </>
  );
}

function Confirm() {
  const risk = shownRisk.value;
  const { kind, word, text } = shownState.value;
  const isReview = step.value.name === 'review';
  return (
    <div class="ticket-why">
      {blockedText.value !== '' && <b>{blockedText}</b>}
      {kind === 'halted' && (
        <p>
          {word}: {text}. Cancels work, new orders are refused.
        </p>
      )}
      {kind === 'auction' && (
        <p>
          {word}: {text}. Orders are collected and trade at one price.
        </p>
      )}
      {isReview && risk.reasons.length > 0 && <p>Mind: {risk.reasons.join('; ')}.</p>}
      {isReview && risk.needsTick && (
        <label>
          <input
            type="checkbox"
            checked={isTicked.value}
            onChange={(event) => {
              isTicked.value = event.currentTarget.checked;
            }}
          />{' '}
          I want that
        </label>
      )}
      {isReview && <p>Enter sends, Esc goes back.</p>}
    </div>
  );
}

function Send() {
  const { side } = draft.value;
  const isReview = step.value.name === 'review';
  const isOff =
    !isSendable.value || blockedText.value !== '' || (isReview && shownRisk.value.needsTick && !isTicked.value);
  const text = isLoggedIn.value ? `${isReview ? 'Send: ' : ''}${actWords.value}` : 'Log in to send';
  return (
    <button
      type="button"
      class={`button ticket-send ${side}`}
      data-step={step.value.name}
      aria-disabled={isOff}
      disabled={isOff && !isReview}
      onClick={() => press({ isRepeat: false })}
    >
      {text}
    </button>
  );
}
