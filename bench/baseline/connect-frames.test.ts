import { describe, expect, it } from 'vitest';
import { createFrameCounter, frame } from './connect-frames.ts';

const end = Buffer.concat([Buffer.from([2, 0, 0, 0, 2]), Buffer.from('{}')]);
const stream = Buffer.concat([frame(Buffer.alloc(300, 7)), frame(Buffer.alloc(0)), frame(Buffer.from('abc')), end]);

describe('createFrameCounter', () => {
  it('counts the same however the bytes are cut', () => {
    for (const size of [1, 2, 3, 7, 64, stream.length]) {
      const counter = createFrameCounter();
      let messages = 0;
      let ends = 0;
      for (let start = 0; start < stream.length; start += size) {
        const counted = counter.count(stream.subarray(start, start + size));
        messages += counted.messages;
        ends += counted.isEnd ? 1 : 0;
      }
      expect([size, messages, ends]).toEqual([size, 3, 1]);
    }
  });

  it('counts a message when it is all there', () => {
    const counter = createFrameCounter();
    expect(counter.count(stream.subarray(0, 304)).messages).toBe(0);
    expect(counter.count(stream.subarray(304, 305)).messages).toBe(1);
  });
});
