import { type ArgumentSpec, type Command, globalOptions, type OptionSpec } from './command.ts';

const exitCodes = `Exit codes: 0 done, 1 an audit that is not clean or a fault of this program, 2 usage, 3 refused,
4 not signed in, 5 no answer: whether it was done is not known, see \`outcry resume --help\`.`;

/** The list of all commands. */
export function describeCommands(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length)) + 2;
  return [
    'Usage: outcry COMMAND [ARGUMENTS] [OPTIONS]      (outcry COMMAND --help for one command)',
    '',
    ...commands.map(({ name, summary }) => `  ${name.padEnd(width)}${summary}`),
    '',
    'Options of every command:',
    ...describeOptions(globalOptions),
    '',
    'OUTCRY_API_KEY signs in without a session. OUTCRY_URL, OUTCRY_PROFILE and OUTCRY_TIMEOUT are\nthe defaults of --url, --profile and --timeout.',
    exitCodes,
  ].join('\n');
}

/** How to call one command. */
export function describeCommand({ name, summary, details, arguments: specs = [], options = [] }: Command): string {
  const words = ['outcry', name, ...specs.map(argumentWords), ...(options.length > 0 ? ['[OPTIONS]'] : [])];
  const width = Math.max(0, ...specs.map((spec) => spec.name.length)) + 2;
  return [
    `Usage: ${words.join(' ')}`,
    '',
    `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`,
    ...(details === undefined ? [] : [details]),
    ...(specs.length === 0 ? [] : ['', ...specs.map((spec) => `  ${spec.name.padEnd(width)}${helpOf(spec)}`)]),
    '',
    ...describeOptions([...options, ...globalOptions]),
  ].join('\n');
}

function argumentWords({ name, count = 'one' }: ArgumentSpec): string {
  return { one: name, optional: `[${name}]`, many: `${name}...`, any: `[${name}...]` }[count];
}

function describeOptions(options: readonly OptionSpec[]): string[] {
  const words = options.map(({ name, value }) => (value === undefined ? `--${name}` : `--${name} ${value}`));
  const width = Math.max(...words.map(({ length }) => length)) + 2;
  return options.map((option, index) => `  ${(words[index] ?? '').padEnd(width)}${helpOf(option)}`);
}

function helpOf({ help, choices }: { help: string; choices?: readonly string[] }): string {
  return choices === undefined ? help : `${help}: ${choices.join(', ')}`;
}
