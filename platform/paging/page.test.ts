import { describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { cutPage, readPage } from './page.ts';

const ids = [uuidV7(), uuidV7(), uuidV7()];
const list = 'mails:ada';

describe('readPage', () => {
  it('takes 50 rows from the start by default', () => {
    expect(readPage({ pageSize: 0, pageToken: '' }, { list })).toEqual({ cursor: undefined, limit: 50 });
    expect(readPage({ pageSize: 100, pageToken: '' }, { list, sizeMax: 100 }).limit).toBe(100);
  });

  it('refuses sizes out of range', () => {
    for (const pageSize of [-1, 201])
      expect(() => readPage({ pageSize, pageToken: '' }, { list })).toThrow('page_size');
  });

  it('goes on where the page before ended', () => {
    const { rows, nextPageToken } = cutPage(ids, 2, { list, cursorOf: (id) => id });
    expect(rows).toEqual(ids.slice(0, 2));
    expect(readPage({ pageSize: 2, pageToken: nextPageToken }, { list }).cursor).toBe(ids[1]);
  });

  it('refuses a token of another list, and what is no token', () => {
    const { nextPageToken } = cutPage(ids, 2, { list: 'mails:bob', cursorOf: (id) => id });
    const notAnId = Buffer.from(JSON.stringify([list, 'x'])).toString('base64url');
    for (const pageToken of [nextPageToken, notAnId, 'x', '{}', 'A'.repeat(600)]) {
      expect(() => readPage({ pageSize: 0, pageToken }, { list })).toThrow(
        expect.objectContaining({ reason: ErrorReason.PAGE_TOKEN_INVALID }),
      );
    }
  });
});

describe('cutPage', () => {
  it('gives no token at the end', () => {
    expect(cutPage(ids, 3, { list, cursorOf: (id) => id })).toEqual({ rows: ids, nextPageToken: '' });
    expect(cutPage([], 3, { list, cursorOf: String })).toEqual({ rows: [], nextPageToken: '' });
  });
});
