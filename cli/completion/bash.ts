import type { Command } from '../command/command.ts';
import { candidateWords, choicesPattern, listCandidates, listChoices, listValueOptions } from './candidates.ts';

/** A completion script for bash 3.2 and later. */
export function bashCompletion(commands: readonly Command[]): string {
  const cases = listCandidates(commands).map((one) => {
    const pattern = one.path === '' ? "''" : `'${one.path}'|'${one.path} '*`;
    return `    ${pattern}) words='${candidateWords(one)}' ;;`;
  });
  const choices = listChoices(commands).map((one) => `    ${choicesPattern(one)}) words='${one.choices.join(' ')}' ;;`);
  const valueOptions = listValueOptions(commands).map((name) => `--${name}`);
  return `# outcry completion bash
_outcry() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" path='' words='' word skip=0 index
  for ((index = 1; index < COMP_CWORD; index++)); do
    word="\${COMP_WORDS[index]}"
    if ((skip)); then skip=0; continue; fi
    case "$word" in
      ${valueOptions.join('|')}) skip=1 ;;
      -*) ;;
      *) path="\${path:+$path }$word" ;;
    esac
  done
  case "$path" in
${cases.join('\n')}
  esac
  if ((skip)); then words=''; fi
  case "$path|$previous" in
${choices.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -F _outcry outcry
`;
}
