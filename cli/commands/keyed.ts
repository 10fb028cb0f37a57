import type { CommandContext, OptionSpec } from '../command/command.ts';
import type { KeyedCallContext } from '../journal/keyed-call.ts';

/** The option of commands with an effect that a repeat must not double. */
export const keyOption: OptionSpec = {
  name: 'key',
  value: 'KEY',
  help: 'your own key: the same command under it is the same call (default a new one)',
};

/** What keyed calls need of a command's context. */
export function keyedContext({ api, session, journal, gateway, print }: CommandContext): KeyedCallContext {
  return { api, session, journal, gateway, note: (text) => print.note(text) };
}
