const fatalLevel = '"level":"fatal"';

/** The message of a log line of level fatal, with what explains it; undefined for every other line. */
export function fatalMessage(line: string): string | undefined {
  if (!line.includes(fatalLevel)) return undefined;
  try {
    return describeEntry(JSON.parse(line));
  } catch {
    return line;
  }
}

type LoggedError = { message?: string };

// A log entry's message with what explains it: a list of problems, or an error.
function describeEntry(entry: { msg?: string; problems?: string[]; error?: LoggedError; err?: LoggedError }): string {
  const reasons = entry.problems ?? [entry.error?.message ?? entry.err?.message ?? ''];
  return [entry.msg ?? '', reasons.join('; ')].filter((part) => part !== '').join(': ');
}
