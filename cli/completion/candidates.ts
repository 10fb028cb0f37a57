import { type Command, globalOptions, type OptionSpec } from '../command/command.ts';

/** What may follow the words of a command. */
export type Candidates = {
  /** The command's words; empty at the beginning. */
  path: string;
  /** Second words of commands, values of arguments. */
  words: string[];
  options: readonly OptionSpec[];
};

/** Candidates after each first word and each command, longest paths first, so that the first that fits is the right one. */
export function listCandidates(commands: readonly Command[]): Candidates[] {
  const firsts = [...new Set(commands.map(({ name }) => name.split(' ')[0] ?? ''))];
  const paths = [...new Set([...commands.map(({ name }) => name), ...firsts])];
  const ofPaths = paths.map((path) => {
    const command = commands.find(({ name }) => name === path);
    const seconds = commands.flatMap(({ name }) => (name.startsWith(`${path} `) ? [name.slice(path.length + 1)] : []));
    const values = (command?.arguments ?? []).flatMap(({ choices = [] }) => choices);
    return { path, words: [...seconds, ...values], options: [...(command?.options ?? []), ...globalOptions] };
  });
  ofPaths.sort((one, other) => other.path.split(' ').length - one.path.split(' ').length);
  return [...ofPaths, { path: '', words: firsts, options: globalOptions }];
}

/** The values of an option of a command that takes no others. */
export type Choices = { path: string; name: string; choices: readonly string[] };

/** Options with a closed list of values, by command: one name may have other values elsewhere. Longest paths first. */
export function listChoices(commands: readonly Command[]): Choices[] {
  const all = commands.flatMap(({ name: path, options = [] }) =>
    options.flatMap(({ name, choices }) => (choices === undefined ? [] : [{ path, name, choices }])),
  );
  return all.sort((one, other) => other.path.split(' ').length - one.path.split(' ').length);
}

/** The pattern of a shell for `<words so far>|<word before>`. */
export function choicesPattern({ path, name }: Choices): string {
  return `'${path}|--${name}'|'${path} '*'|--${name}'`;
}

/** Names of options that take a value. */
export function listValueOptions(commands: readonly Command[]): string[] {
  const all = [...globalOptions, ...commands.flatMap(({ options = [] }) => options)];
  return [...new Set(all.flatMap(({ name, value }) => (value === undefined ? [] : [name])))];
}

/** Candidates of a path as words, options with their dashes. */
export function candidateWords({ words, options }: Candidates): string {
  return [...words, ...options.map(({ name }) => `--${name}`)].join(' ');
}
