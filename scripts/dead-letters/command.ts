import { parseArgs } from 'node:util';

/** What the command line asks for. */
export type Command = { data?: string; url?: string; json: boolean } & (
  | { action: 'list'; queue: string }
  | { action: 'inspect'; queue: string; eventId: string }
  | { action: 'redrive'; queue: string; events: Events }
  | { action: 'drop'; queue: string; events: Events; reason: string }
);

/** Events by their ids, or all of the queue. */
export type Events = { eventIds: string[] } | { all: true };

/** Words on how to call it. */
export const usage = `Usage: npm run dead-letters -- [list [QUEUE]]
       npm run dead-letters -- inspect QUEUE ID
       npm run dead-letters -- redrive QUEUE ID...      or: redrive QUEUE --all
       npm run dead-letters -- drop QUEUE ID... --reason TEXT   or: drop QUEUE --all --reason TEXT
  --data DIR   data folder of the running system (default .outcry)
  --url URL    another gateway; log in as OUTCRY_EMAIL with OUTCRY_PASSWORD, an operator or administrator
  --json       print the answer as one line of JSON`;

/** Thrown for a command line that is not understood. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** Reads the command line. Throws UsageError. */
export function parseCommand(args: readonly string[]): Command {
  const { values, positionals } = parse(args);
  const { data, url, json = false, all = false, reason = '' } = values;
  const [action = 'list', queue = '', ...eventIds] = positionals;
  const common = { data, url, json };
  const events = (): Events => {
    if (queue === '') throw new UsageError(`${action} needs a queue`);
    if (all === eventIds.length > 0) throw new UsageError(`${action} needs the ids of events, or --all`);
    return all ? { all: true } : { eventIds };
  };
  switch (action) {
    case 'list':
      return { ...common, action, queue };
    case 'inspect': {
      const [eventId, ...others] = eventIds;
      if (eventId === undefined || others.length > 0)
        throw new UsageError('inspect needs a queue and the id of an event');
      return { ...common, action, queue, eventId };
    }
    case 'redrive':
      return { ...common, action, queue, events: events() };
    case 'drop':
      if (reason === '') throw new UsageError('drop needs --reason');
      return { ...common, action, queue, events: events(), reason };
    default:
      throw new UsageError(`there is no '${action}'`);
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        data: { type: 'string' },
        url: { type: 'string' },
        json: { type: 'boolean' },
        all: { type: 'boolean' },
        reason: { type: 'string' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
