import { experimentCommand } from './experiment/command.ts';
import { rotateCommand } from './keys/rotate.ts';
import { statusCommand } from './status/command.ts';

/** What `npm run mesh -- NAME` does, by name; each is given the words behind its name. */
export const meshCommands: Readonly<Record<string, (args: readonly string[]) => Promise<void>>> = {
  experiment: experimentCommand,
  'rotate-keys': rotateCommand,
  status: statusCommand,
};
