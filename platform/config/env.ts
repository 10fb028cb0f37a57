/** Reads typed values from an environment; used by the pure config functions that each main.ts calls. */

/** An environment, such as process.env. */
export type Environment = Record<string, string | undefined>;

/** A setting is missing or invalid; the message has each problem on a line of its own. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: string[];

  constructor(problems: string[]) {
    super(`the configuration is not valid:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.problems = problems;
  }
}

/** The value, or undefined when it is absent or blank. */
export function optionalText(env: Environment, name: string): string | undefined {
  const value = env[name]?.trim();
  return value === '' ? undefined : value;
}

/** A text that must be there. Throws ConfigError when it is absent or blank. */
export function requireText(env: Environment, name: string): string {
  const value = optionalText(env, name);
  if (value === undefined) throw new ConfigError([`${name} is not set`]);
  return value;
}

/** A text, or the default when it is absent or blank. */
export function text(env: Environment, name: string, fallback: string): string {
  return optionalText(env, name) ?? fallback;
}

/** A whole number from `min` to `max`. Throws ConfigError for anything else. */
export function integer(env: Environment, name: string, range: { default: number; min: number; max: number }): number {
  const value = optionalText(env, name);
  if (value === undefined) return range.default;
  const number = /^-?\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
  if (number >= range.min && number <= range.max) return number;
  throw new ConfigError([`${name} is not a whole number from ${range.min} to ${range.max}`]);
}

/** `true` or `false`. Throws ConfigError for anything else. */
export function flag(env: Environment, name: string, fallback: boolean): boolean {
  return choice(env, name, ['true', 'false'], fallback ? 'true' : 'false') === 'true';
}

/** One of the options. Throws ConfigError for anything else. */
export function choice<O extends string>(env: Environment, name: string, options: readonly O[], fallback: O): O {
  const value = optionalText(env, name);
  if (value === undefined) return fallback;
  const chosen = options.find((option) => option === value);
  if (chosen === undefined) throw new ConfigError([`${name} is none of ${options.join(', ')}`]);
  return chosen;
}

/** The gRPC target of a service, from `<SERVICE>_ADDRESS`. Throws ConfigError when it is not set. */
export function address(env: Environment, service: string): string {
  return requireText(env, `${service.toUpperCase().replaceAll('-', '_')}_ADDRESS`);
}

/** Runs every reader and gathers what they found wrong: `collect({ port: () => integer(...), ... })`. Throws one ConfigError. */
export function collect<T extends object>(readers: { [K in keyof T]: () => T[K] }): T {
  const problems: string[] = [];
  const config: Partial<T> = {};
  for (const name of Object.keys(readers) as (keyof T)[]) {
    try {
      config[name] = readers[name]();
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      problems.push(...error.problems);
    }
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return config as T;
}
