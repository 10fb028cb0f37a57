/** The steps of a group as few calls: what one account does in many books at once, the two accounts in turns. */
import type { PlannedOrder, Step, Trader } from './plan.ts';

/** What an account does in one book: first the cancels, then the placings. */
export type Change = {
  symbol: string;
  cancel: PlannedOrder[];
  place: PlannedOrder[];
  /** Whether what is placed ends with the round, as far as it has not traded. */
  isBrief: boolean;
};

/** What an account does in one call; the changes of a book are made in their sequence. */
export type Round = { trader: Trader; changes: Change[] };

const traders: readonly Trader[] = ['maker', 'taker'];

/**
 * The steps of waves in rounds. A change stands in the first round of its account that is not before the one of the change before it in its
 * book: so there are as many rounds as the accounts take turns in the book where they do so most.
 */
export function roundsOf(waves: readonly (readonly Step[])[]): Round[] {
  const rounds: Round[] = [];
  const books = new Map<string, Book>();
  for (const step of waves.flat()) {
    const symbol = symbolOf(step);
    if (symbol === undefined) continue;
    const book = books.get(symbol) ?? new Book(symbol, rounds);
    books.set(symbol, book);
    book.add(step);
  }
  for (const book of books.values()) book.end();
  return rounds.filter(({ changes }) => changes.length > 0);
}

/** The changes of one book, which are added to the rounds of all. */
class Book {
  readonly #symbol: string;
  readonly #rounds: Round[];
  #index = 0;
  /** What the maker has placed for the trade before, of which something may be left. */
  #made: PlannedOrder[] = [];

  constructor(symbol: string, rounds: Round[]) {
    this.#symbol = symbol;
    this.#rounds = rounds;
  }

  add({ cancel, make, take, brief }: Step): void {
    const cancelOf = (trader: Trader) => cancel.filter((order) => order.trader === trader);
    // What the taker has left would trade with what the maker places next.
    this.#change('taker', { cancel: cancelOf('taker') });
    this.#change('maker', { cancel: [...this.#made, ...cancelOf('maker')], place: make });
    this.#made = brief.filter(({ trader }) => trader === 'maker');
    const isBrief = take.some((order) => brief.includes(order));
    this.#change('taker', { cancel: take.length > 0 ? this.#briefOfRound() : [], place: take, isBrief });
  }

  end(): void {
    this.#change('maker', { cancel: this.#made });
  }

  /** What the taker has placed for the moment in the round of the last change, where nothing of the maker came in between. */
  #briefOfRound(): PlannedOrder[] {
    const own = this.#rounds[this.#index]?.changes.filter(({ symbol, isBrief }) => symbol === this.#symbol && isBrief);
    return own?.at(-1)?.place ?? [];
  }

  #change(trader: Trader, { cancel = [], place = [], isBrief = false }: Partial<Change>): void {
    if (cancel.length + place.length === 0) return;
    if (traders[this.#index % 2] !== trader) this.#index += 1;
    for (let count = this.#rounds.length; count <= this.#index; count += 1) {
      this.#rounds.push({ trader: traders[count % 2] ?? 'maker', changes: [] });
    }
    this.#rounds[this.#index]?.changes.push({ symbol: this.#symbol, cancel, place, isBrief });
  }
}

function symbolOf({ cancel, make, take }: Step): string | undefined {
  return [...cancel, ...make, ...take][0]?.symbol;
}
