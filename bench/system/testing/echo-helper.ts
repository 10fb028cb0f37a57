/** A helper process for tests. */
import { serveTasks } from '../helper-process.ts';

/** Its tasks. */
export type EchoTasks = {
  echo(options: { numbers: Float64Array }): Promise<Float64Array>;
  fail(options: object): Promise<void>;
  end(options: object): Promise<void>;
};

serveTasks({
  echo: async ({ numbers }) => numbers,
  fail: async () => {
    throw new Error('it went wrong');
  },
  end: async () => process.exit(),
} satisfies EchoTasks);
