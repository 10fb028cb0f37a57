import { useLayoutEffect, useRef } from 'preact/hooks';
import { Button } from '../../ui/button.tsx';

const namedMax = 5;

type ConfirmAllProps = {
  /** What would be done to how many, such as `Cancel 3`. */
  question: string;
  /** What it would be done to. */
  names: readonly string[];
  act: string;
  onAct: () => void;
  onLeave: () => void;
};

/** Lists what an act on all would hit; a second press, or Enter, does it, Esc leaves it. The focus goes back to where it was. */
export function ConfirmAll({ question, names, act, onAct, onLeave }: ConfirmAllProps) {
  const form = useRef<HTMLFormElement>(null);
  useLayoutEffect(() => {
    const before = document.activeElement;
    form.current?.querySelector('button')?.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  const send = (event: Event) => {
    event.preventDefault();
    onAct();
  };
  const more = names.length > namedMax ? ` and ${names.length - namedMax} more` : '';
  return (
    <form
      ref={form}
      class="note bad"
      aria-label={act}
      onSubmit={send}
      onKeyDown={(event) => event.key === 'Escape' && onLeave()}
    >
      {question}: {names.slice(0, namedMax).join(', ')}
      {more}?{' '}
      <Button isSmall type="submit">
        {act}
      </Button>{' '}
      <Button isSmall onClick={onLeave}>
        Leave them
      </Button>
    </form>
  );
}
