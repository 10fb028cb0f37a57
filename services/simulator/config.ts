/** The simulator's settings, from the environment. */
import { collect, type Environment, integer } from '#platform/config/env.ts';

/** How the house trades. */
export type SimulatorConfig = {
  /** The same seed draws the same walks: SIMULATOR_SEED, default 1. */
  seed: number;
  /** Commands a second of all house traders together: SIMULATOR_COMMANDS_PER_SECOND_MAX, default 50, 1 to 10,000. */
  commandsPerSecondMax: number;
  /** Market makers: SIMULATOR_MAKERS, default 2, 1 to 20. */
  makers: number;
  /** Takers: SIMULATOR_TAKERS, default 2, 0 to 20. */
  takers: number;
};

/** Reads the settings. Throws ConfigError with every problem at once. */
export function readSimulatorConfig(env: Environment): SimulatorConfig {
  return collect<SimulatorConfig>({
    seed: () => integer(env, 'SIMULATOR_SEED', { default: 1, min: 0, max: 2 ** 32 - 1 }),
    commandsPerSecondMax: () => integer(env, 'SIMULATOR_COMMANDS_PER_SECOND_MAX', { default: 50, min: 1, max: 10_000 }),
    makers: () => integer(env, 'SIMULATOR_MAKERS', { default: 2, min: 1, max: 20 }),
    takers: () => integer(env, 'SIMULATOR_TAKERS', { default: 2, min: 0, max: 20 }),
  });
}
