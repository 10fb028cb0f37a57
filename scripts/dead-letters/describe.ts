type Fields = Record<string, unknown>;

/** A table of dead events, as ListDeadEvents answers them in JSON. */
export function describeDeadEvents(events: readonly Fields[]): string {
  if (events.length === 0) return 'no dead letters';
  return events.map(describeLine).join('\n');
}

/** One dead event in full, as FindDeadEvents answers it in JSON. */
export function describeDeadEvent({ deadEvents = [], payloadJson }: Fields): string {
  const [deadEvent] = deadEvents as Fields[];
  if (deadEvent === undefined) return 'no such dead letter';
  const fields = Object.entries(deadEvent).map(([name, value]) => `${name}: ${printable(value)}`);
  return [...fields, `payload: ${printable(payloadJson ?? '')}`].join('\n');
}

function describeLine(event: Fields): string {
  const { giveUpTime, queue, eventId, type, key, attempts = 0, lastFailure = '' } = event;
  const words = [giveUpTime, queue, eventId, type, `key ${printable(key ?? '')}`, `${attempts} attempts`];
  return `${words.map(printable).join('  ')}\n    ${printable(lastFailure)}`;
}

// What events carry may come from users: it must not move the cursor of a terminal.
function printable(value: unknown): string {
  return String(value).replace(/\p{Cc}/gu, ' ');
}
