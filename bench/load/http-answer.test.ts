import { describe, expect, it } from 'vitest';
import { readHttpAnswer } from './http-answer.ts';

const sized = Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Other: 1\r\n\r\nhello');
const chunked = Buffer.from(
  'HTTP/1.1 404 Not Found\r\ntransfer-encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n',
);

describe('readHttpAnswer', () => {
  it.each([
    ['with a length', sized, 200],
    ['in chunks', chunked, 404],
  ])('reads an answer %s once it is all there', (_, bytes, status) => {
    for (let length = 0; length < bytes.length; length++) {
      expect(readHttpAnswer(bytes.subarray(0, length))).toBeUndefined();
    }
    const found = readHttpAnswer(Buffer.concat([bytes, Buffer.from('HTTP')]));
    expect(found?.bytes).toBe(bytes.length);
    expect(found?.answer.status).toBe(status);
    expect(found?.answer.body.toString()).toBe('hello');
  });

  it('throws for bytes that it cannot read instead of waiting for more', () => {
    for (const text of [
      'SSH-2.0-x\r\n\r\n',
      'HTTP/1.1 200 OK\r\n\r\n',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nz\r\n',
    ]) {
      expect(() => readHttpAnswer(Buffer.from(text))).toThrow();
    }
  });
});
