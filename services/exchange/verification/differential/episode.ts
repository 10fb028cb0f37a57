import { EnginePair, findDifference } from '../random/engine-pair.ts';
import { CommandGenerator, type TimedCommand } from '../random/random-generator.ts';
import { limitsOf } from '../random/random-profile.ts';
import { shorten } from '../random/shorten.ts';
import { count, type Tally } from './tally.ts';

/** Commands of one pair of engines: so few that books stay small and the reference engine is fast enough. */
export const episodeLength = 2_000;

/** The first command on which the engines differ, with the shortest run of commands that shows a difference. */
export type EpisodeDifference = { seed: number; index: number; commands: TimedCommand[]; difference: string };

/** Runs random commands through a new pair of engines and counts them in the tally; ends at the first difference. */
export function runEpisode(
  seed: number,
  commandsMax: number,
  checked: boolean,
  tally: Tally,
): EpisodeDifference | undefined {
  const generator = new CommandGenerator(seed);
  const pair = new EnginePair(checked, limitsOf(seed));
  const run: TimedCommand[] = [];
  for (let index = 0; index < commandsMax; index++) {
    const timed = generator.next();
    run.push(timed);
    const { events, outcome, difference } = pair.run(timed);
    if (difference !== undefined) return shortest(seed, run, difference);
    generator.observe(events);
    count(tally, timed.command, outcome.reason, events);
  }
  return undefined;
}

/** The seed of an episode of a run. */
export function episodeSeed(runSeed: number, episode: number): number {
  return (Math.imul(runSeed, 0x9e3779b1) + episode) | 0;
}

/** A difference as lines of text, each command as JSON without empty fields. */
export function formatDifference({ seed, index, commands, difference }: EpisodeDifference): string {
  const isEmpty = (value: unknown) => value === '' || value === 0 || value === false;
  const start = commands[0]?.timeMs ?? 0;
  const lines = commands.map(({ command, timeMs }) => {
    const text = JSON.stringify(command, (_, value: unknown) => (isEmpty(value) ? undefined : value));
    return `  +${timeMs - start} ms ${text}`;
  });
  const title = `The engines differ in the episode of seed ${seed} at command ${index}. ${commands.length} commands show it:`;
  return [title, ...lines, difference].join('\n');
}

function shortest(seed: number, run: readonly TimedCommand[], difference: string): EpisodeDifference {
  const limits = limitsOf(seed);
  const commands = shorten(run, (fewer) => findDifference(fewer, limits) !== undefined);
  const found = findDifference(commands, limits)?.difference ?? difference;
  return { seed, index: run.length - 1, commands, difference: found };
}
