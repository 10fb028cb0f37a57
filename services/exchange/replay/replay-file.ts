import type { Command } from '../domain/commands.ts';
import { formatCsvLine, parseCsvLine } from './csv.ts';
import { eventColumns, fieldsOf, formatEvent, reasonName } from './format-event.ts';
import { OrderNames } from './order-names.ts';
import type { CommandLine } from './parse-command.ts';
import { commandColumns, FieldError, parseCommand } from './parse-command.ts';
import type { Replayer } from './replayer.ts';

const startTimeMs = 1_700_000_000_000;
const chunkLengthMax = 64 * 1024;

/**
 * Carries out the lines of a command file and yields the event file in chunks of about 64 KiB. A line that is no command is told
 * as `malformed` with its column; nothing else comes of it. Throws when the first line does not name the columns.
 */
export async function* replayFile(lines: AsyncIterable<string>, replayer: Replayer): AsyncGenerator<string> {
  const names = new OrderNames();
  const listed = new Set<string>();
  let columns: string[] | undefined;
  let chunk = formatCsvLine(eventColumns);
  let number = 0;
  let timeMs = startTimeMs;

  const run = (command: Command) => {
    const { reason, events } = replayer.run(command, timeMs);
    for (const event of events) {
      chunk += formatEvent(number, fieldsOf(event, names));
      names.observe(event);
    }
    if (reason !== 0 && events.length === 0) {
      const order_id = 'orderId' in command ? names.nameOf(command.orderId) : '';
      chunk += formatEvent(number, { event: 'refused', order_id, reason: reasonName(reason) });
    }
  };
  for await (const text of lines) {
    number++;
    if (columns === undefined) {
      columns = readColumns(text);
      continue;
    }
    if (text === '') continue;
    const line = toLine(columns, parseCsvLine(text));
    try {
      if (line.time_ms !== '') timeMs = readTime(line.time_ms, timeMs);
      const command = parseCommand(line, number, timeMs, names);
      const symbol = 'symbol' in command ? command.symbol : '';
      if (!listed.has(symbol)) {
        listed.add(symbol);
        run(listCommand(symbol));
      }
      run(command);
    } catch (error) {
      if (!(error instanceof FieldError)) throw error;
      chunk += formatEvent(number, { event: 'malformed', order_id: line.order_id, reason: error.column });
    }
    if (chunk.length < chunkLengthMax) continue;
    yield chunk;
    chunk = '';
  }
  yield chunk;
}

function readColumns(text: string): string[] {
  const columns = parseCsvLine(text);
  const known: readonly string[] = commandColumns;
  const unknown = columns.filter((column) => !known.includes(column));
  if (unknown.length > 0) throw new Error(`the first line names columns that are not known: ${unknown.join(', ')}`);
  return columns;
}

function toLine(columns: readonly string[], fields: readonly string[]): CommandLine {
  const line = Object.fromEntries(commandColumns.map((column) => [column, ''])) as CommandLine;
  for (const [i, column] of columns.entries()) line[column as keyof CommandLine] = fields[i] ?? '';
  return line;
}

function readTime(text: string, earliestMs: number): number {
  if (!/^\d{1,15}$/.test(text)) throw new FieldError('time_ms');
  return Math.max(earliestMs, Number(text));
}

function listCommand(symbol: string): Command {
  const terms = { tickSize: '0.01', lotSize: '1', currency: 'USD', bandBps: 0, referencePriceTicks: 0 };
  return { kind: 'list', listing: { symbol, ...terms } };
}
