import type { GatewayCall } from '../../supervisor/index.ts';
import type { Command, Events } from './command.ts';
import { describeDeadEvent, describeDeadEvents } from './describe.ts';

const service = 'outcry.notification.v1.DeadEventAdminService';
const idsMax = 200;
const pageSize = 100;

/** Makes the calls of a command; resolves to what is to be printed. */
export async function runCommand(command: Command, call: GatewayCall, token: string): Promise<string> {
  const ask = (method: string, request: Record<string, unknown>) => call(`${service}/${method}`, request, token);
  const print = (answer: object, text: string) => (command.json ? JSON.stringify(answer) : text);
  const { queue } = command;
  switch (command.action) {
    case 'list': {
      const deadEvents = await listAll(ask, queue);
      return print({ deadEvents }, describeDeadEvents(deadEvents));
    }
    case 'inspect': {
      const answer = await ask('FindDeadEvents', { queue, eventId: command.eventId });
      return print(answer, describeDeadEvent(answer));
    }
    case 'redrive': {
      const count = await change(
        (events) => ask('RedriveDeadEvents', { queue, ...events }),
        'redrivenCount',
        command.events,
      );
      return print({ redrivenCount: count }, `${count} put back into ${queue}`);
    }
    case 'drop': {
      const { events, reason } = command;
      const count = await change((some) => ask('DropDeadEvents', { queue, reason, ...some }), 'droppedCount', events);
      return print({ droppedCount: count }, `${count} dropped from ${queue}`);
    }
  }
}

type Ask = (method: string, request: Record<string, unknown>) => Promise<Record<string, unknown>>;

async function listAll(ask: Ask, queue: string): Promise<Record<string, unknown>[]> {
  const found: Record<string, unknown>[] = [];
  for (let pageToken: unknown = ''; ; ) {
    const page = await ask('ListDeadEvents', { queue, pageSize, pageToken });
    found.push(...((page.deadEvents ?? []) as Record<string, unknown>[]));
    pageToken = page.nextPageToken ?? '';
    if (pageToken === '') return found;
  }
}

/** One call changes a bounded number: `all` goes on until there is none, ids go in parts. */
async function change(
  ask: (events: Events) => Promise<Record<string, unknown>>,
  countField: string,
  events: Events,
): Promise<number> {
  const changed = async (some: Events) => Number((await ask(some))[countField] ?? 0);
  let count = 0;
  if ('all' in events) {
    for (let more = await changed(events); more > 0; more = await changed(events)) count += more;
    return count;
  }
  for (let start = 0; start < events.eventIds.length; start += idsMax) {
    count += await changed({ eventIds: events.eventIds.slice(start, start + idsMax) });
  }
  return count;
}
