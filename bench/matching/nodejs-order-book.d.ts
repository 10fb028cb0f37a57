// The package names a file of types that it does not contain: these are the parts of its API that are used here.
declare module 'nodejs-order-book' {
  /** A maker that traded; `size` is what it traded in this call. */
  export type DoneOrder = { id: string; price: number; size: number };

  /** The outcome of an order. `partial` is the order with open lots, a maker or the taker itself. */
  export type ProcessedOrder = {
    done: DoneOrder[];
    partial: DoneOrder | null;
    partialQuantityProcessed: number;
    quantityLeft: number;
    err: { code: number; message: string } | null;
  };

  export class OrderBook {
    constructor(options?: { enableJournaling?: boolean });
    limit(options: {
      id: string;
      side: 'buy' | 'sell';
      size: number;
      price: number;
      timeInForce: 'GTC' | 'IOC';
    }): ProcessedOrder;
    modify(id: string, update: { price: number; size: number }): ProcessedOrder;
    cancel(id: string): object | undefined;
  }
}
