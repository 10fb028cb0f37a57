// `npm run mesh -- COMMAND`: what is done with a mesh that runs. commands.ts has the commands.
import { describeFailure } from './command.ts';
import { meshCommands } from './commands.ts';

const [name = '', ...args] = process.argv.slice(2);
const command = meshCommands[name];
if (command === undefined) {
  console.error(`usage: npm run mesh -- ${Object.keys(meshCommands).join(' | ')}`);
  process.exitCode = 2;
} else {
  try {
    await command(args);
  } catch (error) {
    console.error(`mesh ${name}: ${describeFailure(error)}`);
    process.exitCode = 1;
  }
}
