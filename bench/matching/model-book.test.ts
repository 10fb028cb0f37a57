import { describe, expect, it } from 'vitest';
import { Side } from './command-stream.ts';
import { ModelBook } from './model-book.ts';

describe('ModelBook', () => {
  it('trades at the price of the order that rests, the best price first, and the earliest first at one price', () => {
    const book = new ModelBook(10);
    book.submit(0, Side.SELL, 102, 5, true);
    book.submit(1, Side.SELL, 101, 5, true);
    book.submit(2, Side.SELL, 101, 5, true);
    book.submit(3, Side.BUY, 102, 12, true);
    expect([book.traded[1], book.traded[2], book.traded[0]]).toEqual([5, 5, 2]);
    expect([book.bestAsk, book.liveCount]).toEqual([102, 1]);
  });

  it('rests the remainder of a limit order, and nothing of one that may not rest', () => {
    const book = new ModelBook(10);
    book.submit(0, Side.BUY, 100, 5, true);
    book.submit(1, Side.SELL, 100, 8, true);
    expect([book.open[1], book.bestAsk, book.bestBid]).toEqual([3, 100, 0]);
    book.submit(2, Side.BUY, 100, 8, false);
    expect([book.open[2], book.traded[2], book.liveCount]).toEqual([0, 3, 0]);
  });

  it('puts a replaced order last at its new price', () => {
    const book = new ModelBook(10);
    book.submit(0, Side.BUY, 99, 5, true);
    book.submit(1, Side.BUY, 100, 5, true);
    book.replace(0, 100, 7);
    book.submit(2, Side.SELL, 100, 6, false);
    expect([book.open[1], book.open[0], book.revision[0]]).toEqual([0, 6, 2]);
  });
});
