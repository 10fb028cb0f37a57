import { type Command, globalOptions } from '../command/command.ts';
import { listCandidates, listValueOptions } from './candidates.ts';

/** A completion script for fish 3 and later. */
export function fishCompletion(commands: readonly Command[]): string {
  const valueOptions = listValueOptions(commands).map((name) => `--${name}`);
  const lines = listCandidates(commands).flatMap(({ path, words, options }) => {
    const condition = `-n "__outcry_at '${path}'"`;
    const own = options.filter((option) => !globalOptions.includes(option));
    return [
      ...words.map(
        (word) => `complete -c outcry -f ${condition} -a ${word} -d '${quote(summaryOf(commands, `${path} ${word}`))}'`,
      ),
      ...own.map(({ name, value, help, choices }) => {
        const values = value === undefined ? '' : choices === undefined ? ' -x' : ` -x -a '${choices.join(' ')}'`;
        return `complete -c outcry -f ${condition} -l ${name}${values} -d '${quote(help)}'`;
      }),
    ];
  });
  const globals = globalOptions.map(
    ({ name, value, help }) =>
      `complete -c outcry -f -l ${name}${value === undefined ? '' : ' -x'} -d '${quote(help)}'`,
  );
  return `# outcry completion fish
function __outcry_at
  set -l typed
  set -l skip 0
  for word in (commandline -opc)[2..-1]
    if test $skip = 1
      set skip 0
    else if contains -- $word ${valueOptions.join(' ')}
      set skip 1
    else if not string match -q -- '-*' $word
      set -a typed $word
    end
  end
  test "$typed" = "$argv[1]"; and return 0
  test -n "$argv[1]"; and string match -q -- "$argv[1] *" "$typed"
end
${[...globals, ...lines].join('\n')}
`;
}

function summaryOf(commands: readonly Command[], path: string): string {
  return commands.find(({ name }) => name === path.trim())?.summary ?? '';
}

function quote(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll("'", "\\'");
}
