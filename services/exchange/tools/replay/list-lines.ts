import { ListType } from '../../engine/model/codes.ts';
import type { SubmitCommand, SubmitListCommand } from '../../engine/model/commands.ts';
import { listLength, listViolation } from '../../rpc/messages/list-terms.ts';
import { type CommandLine, FieldError } from './command-line.ts';
import { columnOf, wordsOf } from './parse-order.ts';

const types = wordsOf(ListType);

/** A list whose last line has not been read yet. */
type OpenList = { name: string; type: ListType; lastLine: number; lineCount: number; orders: SubmitCommand[] };

/**
 * Collects the lines of a list: consecutive `new` lines with the same `list_id`, as many as the `list_type` of the first one has orders.
 */
export class ListLines {
  #open: OpenList | undefined;

  /** Whether a line with this list id continues a list. */
  isOpen(name: string): boolean {
    return this.#open?.name === name;
  }

  /** Discards an incomplete list. Returns the number of its last line, or undefined. */
  discardIncomplete(): number | undefined {
    const line = this.#open?.lastLine;
    this.#open = undefined;
    return line;
  }

  /**
   * Adds a line of a list, whose order `parse` returns. Returns the list with its last line. Throws FieldError for a line that does not
   * belong to its list, and with the last line for orders that are no valid list.
   */
  take(
    line: CommandLine,
    { number, listId, parse }: { number: number; listId: string; parse: () => SubmitCommand },
  ): SubmitListCommand | undefined {
    const open = this.#openFor(line);
    open.lastLine = number;
    const isLast = ++open.lineCount === listLength(open.type);
    if (isLast) this.#open = undefined;
    if (line.word('list_type', types, open.type) !== open.type) throw new FieldError('list_type');
    open.orders.push(parse());
    if (!isLast) return undefined;
    const { type, orders, lineCount } = open;
    // One of the lines was malformed.
    if (orders.length < lineCount) throw new FieldError('list_id');
    const violation = listViolation({ type, orders });
    if (violation) throw new FieldError(columnOf(violation.field.replace(/^.*\./, '')));
    return { kind: 'submitList', listId, type, orders };
  }

  #openFor(line: CommandLine): OpenList {
    const name = line.text('list_id');
    if (this.#open?.name === name) return this.#open;
    this.#open = { name, type: line.word('list_type', types), lastLine: 0, lineCount: 0, orders: [] };
    return this.#open;
  }
}
