/** Processes of a bench's own, such as the generator of a load: what they cost is told apart, and they wait for nobody. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { startTimer } from '#platform/time/timer.ts';

/** What a helper process can be asked for, by name. */
export type Tasks = Record<string, (argument: never) => Promise<unknown>>;

/** A helper process. */
export type Helper<T extends Tasks> = AsyncDisposable & {
  pid: number;
  /** Lets it do a task; rejects with what went wrong there, or when the process has ended. */
  ask<K extends keyof T & string>(name: K, argument: Parameters<T[K]>[0]): Promise<Awaited<ReturnType<T[K]>>>;
};

const stopTimeoutMs = 5_000;

type Question = { number: number; name: string; argument: unknown };
type Answer = { number: number; value?: unknown; error?: string };

/** Starts the script as a process whose tasks are `T`. */
export function startHelper<T extends Tasks>(script: URL): Helper<T> {
  const child = fork(fileURLToPath(script), {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const waiting = new Map<number, PromiseWithResolvers<never>>();
  let asked = 0;
  child.on('message', (answer) => {
    const { number, value, error } = answer as Answer;
    const promise = waiting.get(number);
    waiting.delete(number);
    if (error === undefined) promise?.resolve(value as never);
    else promise?.reject(new Error(error));
  });
  const end = (reason: string) => {
    for (const promise of waiting.values()) promise.reject(new Error(reason));
    waiting.clear();
  };
  child.on('error', (error) => end(error.message));
  // After a disconnect there is no 'close'.
  const exited = once(child, 'exit').then(() => end('a process of the bench has ended'));
  exited.catch(() => {});
  return {
    pid: child.pid ?? 0,
    ask: (name, argument) => {
      const answer = Promise.withResolvers<never>();
      const number = asked++;
      waiting.set(number, answer);
      child.send({ number, name, argument } satisfies Question, (error) => error && answer.reject(error));
      return answer.promise;
    },
    async [Symbol.asyncDispose]() {
      if (child.connected) child.disconnect();
      using _timer = startTimer(stopTimeoutMs, () => child.kill('SIGKILL'));
      await exited;
    },
  };
}

/** In the helper process: carries out the tasks that it is asked for. It ends with its parent. */
export function serveTasks(tasks: Tasks): void {
  process.on('disconnect', () => process.exit());
  process.on('message', (question) => {
    const { number, name, argument } = question as Question;
    const answer = (fields: Omit<Answer, 'number'>) => process.send?.({ number, ...fields } satisfies Answer);
    const task = tasks[name];
    if (task === undefined) answer({ error: `there is no task '${name}'` });
    else
      task(argument as never).then(
        (value) => answer({ value }),
        (error) => answer({ error: error instanceof Error ? error.message : String(error) }),
      );
  });
}
