import { useState } from 'preact/hooks';
import { ActNote } from '../../acting/act-note.tsx';
import { useAct } from '../../acting/use-act.ts';
import { loadInstruments } from '../../store/instruments.ts';
import { clockAnswer } from '../../store/market-clock.ts';
import { Button } from '../../ui/button.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';
import { marketAdmin } from '../operations/staff-clients.ts';
import { emptyInstrument, instrumentFields, instrumentOf } from './instrument-draft.ts';

/** A new instrument; its symbol is the key, so that a repeat lists it once. */
export function NewInstrument() {
  const [draft, setDraft] = useState(emptyInstrument);
  const act = useAct();
  const list = (event: Event) => {
    event.preventDefault();
    void act.run(async () => {
      await marketAdmin.createInstrument({ instrument: instrumentOf(draft) });
      setDraft(emptyInstrument);
      void loadInstruments().catch(() => {});
      return `${draft.symbol.toUpperCase()} is listed.`;
    });
  };
  return (
    <form class="form" aria-label="New instrument" autocomplete="off" onSubmit={list}>
      <h2>List an instrument</h2>
      {instrumentFields.map(({ name, label, hint, maxLength }) => (
        <TextField
          key={name}
          id={`instrument-${name}`}
          label={label}
          hint={hint}
          value={draft[name]}
          onInput={(text) => setDraft({ ...draft, [name]: text })}
          input={{ maxLength, required: true }}
        />
      ))}
      <SelectField
        id="instrument-calendar"
        label="Days"
        options={(clockAnswer.value?.calendars ?? []).map(({ calendar, name }) => ({ value: calendar, text: name }))}
        value={draft.calendar}
        onChange={(calendar) => setDraft({ ...draft, calendar })}
      />
      <ActNote act={act} />
      <Button type="submit" disabled={act.isBusy}>
        List {draft.symbol.toUpperCase() || 'it'}
      </Button>
    </form>
  );
}
