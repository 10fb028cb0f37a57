import type { Command } from '../command/command.ts';
import { bashCompletion } from '../completion/bash.ts';
import { fishCompletion } from '../completion/fish.ts';
import { zshCompletion } from '../completion/zsh.ts';
import { UsageError } from '../input/usage-error.ts';

const scripts: Readonly<Record<string, (commands: readonly Command[]) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

/** The command that prints completions of all commands, of itself too. */
export function completionCommand(allCommands: () => readonly Command[]): Command {
  return {
    name: 'completion',
    summary: 'a completion script for your shell',
    details: `  bash: source <(outcry completion bash)              in ~/.bashrc
  zsh:  source <(outcry completion zsh)               in ~/.zshrc, after compinit
  fish: outcry completion fish > ~/.config/fish/completions/outcry.fish`,
    arguments: [{ name: 'SHELL', help: 'which', choices: Object.keys(scripts) }],
    async run({ print }, input) {
      const script = scripts[input.at(0)]?.(allCommands());
      if (script === undefined) throw new UsageError(`there is no completion for ${input.at(0)}`);
      print.plain({ shell: input.at(0), script }, script.trimEnd());
    },
  };
}
