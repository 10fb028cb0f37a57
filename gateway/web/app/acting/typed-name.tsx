import { useState } from 'preact/hooks';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { ActNote } from './act-note.tsx';
import { useAct } from './use-act.ts';

type TypedNameProps = {
  /** Id of the field; unique on the page. */
  id: string;
  /** What will happen, as a sentence. */
  sentence: string;
  /** What has to be typed: the name of what it happens to. */
  name: string;
  /** The act on the button. */
  act: string;
  /** Does it; answers what is said then. */
  work: () => Promise<string>;
  onDone: () => void;
  onLeave: () => void;
};

/** A grave act: its button works once the name of what it happens to was typed. */
export function TypedName({ id, sentence, name, act, work, onDone, onLeave }: TypedNameProps) {
  const [typed, setTyped] = useState('');
  const acting = useAct();
  const isNamed = typed.trim() === name;
  const send = async (event: Event) => {
    event.preventDefault();
    if (isNamed && (await acting.run(work))) onDone();
  };
  return (
    <form class="grave" onSubmit={send} onKeyDown={(event) => event.key === 'Escape' && onLeave()}>
      <p>{sentence}</p>
      <TextField
        id={id}
        label={`Type ${name}`}
        isWide
        value={typed}
        onInput={setTyped}
        input={{ autocomplete: 'off', autofocus: true, maxLength: 254, spellcheck: false }}
      />
      <ActNote act={acting} />
      <div class="buttons">
        <Button type="submit" kind="you" disabled={!isNamed || acting.isBusy}>
          {act}
        </Button>
        <Button onClick={onLeave}>Leave it</Button>
      </div>
    </form>
  );
}
