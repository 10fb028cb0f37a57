import type { Command } from '../../engine/model/commands.ts';
import { isWithin, timeMsMax } from '../../rpc/messages/order-terms.ts';
import { CommandLine, FieldError, readColumns } from './command-line.ts';
import { eventColumns, formatEvent, formatRefusal, reasonName } from './format-event.ts';
import { LineSplitter } from './line-splitter.ts';
import { ListLines } from './list-lines.ts';
import { type MalformedLine, MalformedLines } from './malformed-lines.ts';
import { OrderNames } from './order-names.ts';
import { defaultTerms, parseCommand } from './parse-command.ts';
import type { Replayer } from './replayer.ts';

/** Journalled time of a file without times, Unix milliseconds. */
export const startTimeMs = 1_700_000_000_000;

/** Greatest number of books in a file. */
export const booksMax = 10_000;

const textLengthMax = 64 * 1024;

/**
 * Carries out the lines of a command file and yields the event file in parts of about 64 KiB. A malformed line only leads to a line
 * `malformed` with its column, and is counted; a strict count ends the run with it. Rejects when the first line does not name the columns,
 * before it yields anything.
 */
export async function* replayFile(
  chunks: AsyncIterable<Buffer>,
  replayer: Replayer,
  malformed = new MalformedLines(),
): AsyncGenerator<string> {
  const run = new ReplayRun(replayer, malformed);
  const lines = new LineSplitter((...line) => run.readLine(...line));
  for await (const chunk of chunks) {
    lines.push(chunk);
    if (run.hasColumns) yield* run.takeTexts();
    if (malformed.endRun) return;
  }
  lines.end();
  run.end();
  yield* run.takeTexts();
}

/** The replay of one file. */
class ReplayRun {
  readonly #replayer: Replayer;
  readonly #malformed: MalformedLines;
  #text = `${eventColumns.join(',')}\n`;
  #texts: string[] = [];
  readonly #names = new OrderNames();
  readonly #lists = new ListLines();
  readonly #listed = new Set<string>();
  #line: CommandLine | undefined;
  #number = 0;
  #timeMs = startTimeMs;

  constructor(replayer: Replayer, malformed: MalformedLines) {
    this.#replayer = replayer;
    this.#malformed = malformed;
  }

  /** Whether the first line has been read. */
  get hasColumns(): boolean {
    return this.#line !== undefined;
  }

  /** The text written since the last call. */
  takeTexts(): string[] {
    const texts = [...this.#texts, this.#text];
    this.#texts = [];
    this.#text = '';
    return texts;
  }

  /** Reads the next line of the file. */
  readLine(bytes: Buffer, start: number, end: number, isTooLong: boolean): void {
    this.#number++;
    if (!this.#line) {
      this.#line = new CommandLine(readColumns(bytes, withoutMark(bytes, start), end));
      return;
    }
    if (start === end || this.#malformed.endRun) return;
    const line = this.#line;
    try {
      if (isTooLong || !line.read(bytes, start, end)) throw new FieldError('line');
      this.#carryOut(line);
    } catch (error) {
      if (!(error instanceof FieldError)) throw error;
      const orderId = error.column === 'line' ? '' : line.text('order_id');
      this.#writeMalformed({ line: this.#number, column: error.column }, orderId);
    }
  }

  /** Ends the file. */
  end(): void {
    if (!this.#malformed.endRun) this.#endList();
  }

  #carryOut(line: CommandLine): void {
    const isOfList = !line.isEmpty('list_id') && line.text('command') === 'new';
    if (!isOfList || !this.#lists.isOpen(line.text('list_id'))) this.#endList();
    if (this.#malformed.endRun) return;
    if (!line.isEmpty('time_ms')) this.#moveTime(line.number('time_ms'));
    const command = isOfList ? this.#takeListLine(line) : this.#parse(line);
    if (!command) return;
    this.#listSymbolOf(command);
    this.#run(command);
    this.#names.end();
  }

  #parse(line: CommandLine): Command {
    return parseCommand(line, this.#number, this.#timeMs, this.#names);
  }

  #takeListLine(line: CommandLine): Command | undefined {
    return this.#lists.take(line, {
      number: this.#number,
      listId: this.#names.idOf(line.text('list_id')),
      parse: () => {
        const order = this.#parse(line);
        if (order.kind !== 'submit') throw new FieldError('command');
        return order;
      },
    });
  }

  #endList(): void {
    const incomplete = this.#lists.discardIncomplete();
    if (incomplete === undefined) return;
    this.#writeMalformed({ line: incomplete, column: 'list_id' });
    this.#names.end();
  }

  // Due work is carried out before the command of the line, as in the service.
  #moveTime(timeMs: number): void {
    if (!isWithin(timeMs, 0, timeMsMax)) throw new FieldError('time_ms');
    if (timeMs <= this.#timeMs) return;
    this.#timeMs = timeMs;
    if (this.#replayer.nextDueMs() <= timeMs) this.#run({ kind: 'time' });
  }

  // A book is opened on first use.
  #listSymbolOf(command: Command): void {
    const symbol = symbolOf(command);
    if (symbol === '' || this.#listed.has(symbol)) return;
    if (this.#listed.size >= booksMax) throw new FieldError('symbol');
    this.#listed.add(symbol);
    if (command.kind !== 'list') this.#run({ kind: 'list', listing: { ...defaultTerms, symbol } });
  }

  #writeMalformed(malformed: MalformedLine, orderId = ''): void {
    this.#malformed.add(malformed);
    this.#write(formatRefusal(malformed.line, 'malformed', orderId, malformed.column));
  }

  #write(text: string): void {
    this.#text += text;
    if (this.#text.length < textLengthMax) return;
    this.#texts.push(this.#text);
    this.#text = '';
  }

  #run(command: Command): void {
    const { reason, events } = this.#replayer.run(command, this.#timeMs);
    for (const event of events) {
      this.#write(formatEvent(this.#number, event, this.#names));
      this.#names.observe(event);
    }
    if (reason === 0 || events.length > 0) return;
    const orderId = 'orderId' in command ? this.#names.nameOf(command.orderId) : '';
    this.#write(formatRefusal(this.#number, 'refused', orderId, reasonName(reason)));
  }
}

function symbolOf(command: Command): string {
  if (command.kind === 'submitList') return command.orders[0]?.symbol ?? '';
  if (command.kind === 'list') return command.listing.symbol;
  return 'symbol' in command ? command.symbol : '';
}

/** The start of a line after a byte order mark. */
function withoutMark(bytes: Buffer, start: number): number {
  return bytes.toString('latin1', start, start + 3) === '\u00ef\u00bb\u00bf' ? start + 3 : start;
}
