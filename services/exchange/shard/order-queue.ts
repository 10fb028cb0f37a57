/** The orders of one side of a book in the order in which they would trade, read from the engine between two commands. */

/** Where in a queue an order stands: its price and its place in time. */
export type QueuePlace = { priceTicks: number; place: number };

/** An order that rests, as it is shown. */
export type QueuedOrder = QueuePlace & { orderId: string; accountId: string; shownLots: number };

/** What to read of a queue: at most `limit` orders behind `after`, from the first one where that is left out. */
export type QueueQuery = { symbol: string; side: number; after?: QueuePlace; limit: number };

/** A part of a queue and the sequence at which it stands; `orders` is undefined where the symbol has no book. */
export type QueuePage = { sequence: number; orders: QueuedOrder[] | undefined };
