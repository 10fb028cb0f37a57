import { signal } from '@preact/signals';
import { describe, expect, it, vi } from 'vitest';
import type { Feed } from '../rpc/follow.ts';

type Message = { case: string; value: unknown };
const feeds: Feed<Message>[] = [];
const selectedSymbol = signal('ACME');
vi.mock('../rpc/clients.ts', () => ({ market: {} }));
vi.mock('../rpc/follow.ts', () => ({ follow: async (feed: Feed<Message>) => void feeds.push(feed) }));
vi.mock('./selection.ts', () => ({ selectedSymbol }));
vi.mock('./frame.ts', () => ({ onNextFigureFrame: (flush: () => void) => flush() }));

const { book, followDepth, isBookOld } = await import('./depth.ts');
const depthOf = (symbol: string) => ({ case: 'depth', value: { symbol } });

describe('followDepth', () => {
  it('shows a book whose stream broke as old until it comes again, and none of a former symbol', () => {
    followDepth();
    const [acme] = feeds;
    acme?.onBroken?.(250);
    expect([book.value, isBookOld.value]).toEqual([undefined, false]);
    acme?.onMessage(depthOf('ACME'));
    acme?.onBroken?.(250);
    expect(isBookOld.value).toBe(true);
    acme?.onMessage({ case: 'heartbeat', value: {} });
    expect(isBookOld.value).toBe(true);
    acme?.onMessage(depthOf('ACME'));
    expect(isBookOld.value).toBe(false);
    selectedSymbol.value = 'BOLT';
    feeds[1]?.onMessage(depthOf('BOLT'));
    acme?.onBroken?.(250);
    expect([book.value, isBookOld.value]).toEqual([{ symbol: 'BOLT' }, false]);
  });
});
