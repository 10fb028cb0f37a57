import type { Command } from '../command/command.ts';
import { candidateWords, choicesPattern, listCandidates, listChoices, listValueOptions } from './candidates.ts';

/** A completion script for zsh with its completion system loaded. */
export function zshCompletion(commands: readonly Command[]): string {
  const cases = listCandidates(commands).map((one) => {
    const pattern = one.path === '' ? "''" : `'${one.path}'|'${one.path} '*`;
    return `    ${pattern}) candidates=(${candidateWords(one)}) ;;`;
  });
  const choices = listChoices(commands).map(
    (one) => `    ${choicesPattern(one)}) candidates=(${one.choices.join(' ')}) ;;`,
  );
  const valueOptions = listValueOptions(commands).map((name) => `--${name}`);
  return `#compdef outcry
_outcry() {
  local typed='' word skip=0 index
  local -a candidates
  for ((index = 2; index < CURRENT; index++)); do
    word="\${words[index]}"
    if ((skip)); then skip=0; continue; fi
    case "$word" in
      ${valueOptions.join('|')}) skip=1 ;;
      -*) ;;
      *) typed="\${typed:+$typed }$word" ;;
    esac
  done
  case "$typed" in
${cases.join('\n')}
  esac
  if ((skip)); then candidates=(); fi
  case "$typed|\${words[CURRENT-1]}" in
${choices.join('\n')}
  esac
  compadd -- "\${candidates[@]}"
}
compdef _outcry outcry
`;
}
