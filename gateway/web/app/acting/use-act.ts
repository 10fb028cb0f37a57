import { useRef, useState } from 'preact/hooks';
import { alertNow, announce } from '../frame/announce.ts';
import { type Failure, failureOf, failureText, isOutcomeUnknown } from '../rpc/failure.ts';

/** Something that a person does, and its outcome. */
export type Act = {
  isBusy: boolean;
  failure: Failure | undefined;
  /** What was said when it was done; empty: it was not done yet. */
  done: string;
  /** Does it, unless it is under way; resolves to whether it was done. `work` answers what is said then. */
  run: (work: () => Promise<string>) => Promise<boolean>;
  /** Forgets the outcome. */
  clear: () => void;
};

/** An act of this component. A press while it is under way does nothing. */
export function useAct(): Act {
  const [state, setState] = useState<Pick<Act, 'isBusy' | 'failure' | 'done'>>(idle);
  const isBusy = useRef(false);
  const run = async (work: () => Promise<string>) => {
    if (isBusy.current) return false;
    isBusy.current = true;
    setState({ ...idle, isBusy: true });
    try {
      const done = await work();
      setState({ ...idle, done });
      announce(done);
      return true;
    } catch (error) {
      const failure = failureOf(error);
      setState({ ...idle, failure });
      alertNow(actFailureText(failure));
      return false;
    } finally {
      isBusy.current = false;
    }
  };
  return { ...state, run, clear: () => setState(idle) };
}

/** What is said of a failure of an act: whether it was not done, or may have been. */
export function actFailureText(failure: Failure): string {
  const text = failureText(failure);
  return isOutcomeUnknown(failure) ? `${text} Whether it was done is not known; to do it again is safe.` : text;
}

const idle = { isBusy: false, failure: undefined, done: '' };
