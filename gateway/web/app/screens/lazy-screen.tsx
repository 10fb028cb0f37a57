import { signal } from '@preact/signals';
import { type ComponentType, h, type JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { type Failure, failureOf } from '../rpc/failure.ts';
import { Failed, Loading } from '../ui/status.tsx';

/** What every screen beside the Floor takes: what follows its name in the address. */
export type ScreenProps = { rest: string };

/** A screen whose code is read when it is first shown. */
export function lazyScreen(
  name: string,
  load: () => Promise<ComponentType<ScreenProps>>,
): (props: ScreenProps) => JSX.Element {
  const loaded = signal<ComponentType<ScreenProps> | undefined>(undefined);
  const failed = signal<Failure | undefined>(undefined);
  const begin = () => {
    failed.value = undefined;
    load().then(
      (screen) => {
        loaded.value = screen;
      },
      (error: unknown) => {
        failed.value = failureOf(error);
      },
    );
  };
  return (props) => {
    useEffect(() => {
      if (loaded.peek() === undefined) begin();
    }, []);
    if (loaded.value !== undefined) return h(loaded.value, props);
    return (
      <div class="page">
        <h1>{name}</h1>
        {failed.value === undefined ? <Loading /> : <Failed failure={failed.value} onRetry={begin} />}
      </div>
    );
  };
}
