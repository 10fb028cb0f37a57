import { CommandError } from '../command.ts';

/** Settings by name, of texts such as NAME=VALUE. Throws CommandError. */
export function parseEnv(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, name = '', value = ''] = /^([A-Za-z_]\w*)=(.*)$/s.exec(pair) ?? [];
      if (name === '') throw new CommandError(`--env takes NAME=VALUE, not ${pair}`);
      return [name, value];
    }),
  );
}
