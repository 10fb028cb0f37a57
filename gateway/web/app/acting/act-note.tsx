import { type Act, actFailureText } from './use-act.ts';

/** The outcome of an act, beside its button. */
export function ActNote({ act }: { act: Pick<Act, 'failure' | 'done'> }) {
  if (act.failure !== undefined) return <p class="note bad">{actFailureText(act.failure)}</p>;
  return act.done === '' ? null : <p class="note done">{act.done}</p>;
}
