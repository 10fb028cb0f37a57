// `npm run mesh -- COMMAND`: what is done with a mesh that runs.
import { CommandError } from './command.ts';
import { rotateCommand } from './keys/rotate.ts';

const commands: Readonly<Record<string, (args: readonly string[]) => Promise<void>>> = {
  'rotate-keys': rotateCommand,
};

const [name = '', ...args] = process.argv.slice(2);
const command = commands[name];
if (command === undefined) {
  console.error(`usage: npm run mesh -- ${Object.keys(commands).join(' | ')} ...`);
  process.exitCode = 2;
} else {
  try {
    await command(args);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    console.error(`mesh ${name}: ${error.message}`);
    process.exitCode = 1;
  }
}
