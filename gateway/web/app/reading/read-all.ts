import { notDone } from '../acting/not-done.ts';
import type { RowPage } from './page-rows.ts';

const pagesMax = 50;

/** All rows of a list, up to 50 pages; rejects with `tooMany` where there are more. */
export async function readAll<Row>(
  readPage: (pageToken: string) => Promise<RowPage<Row>>,
  tooMany: string,
): Promise<Row[]> {
  const rows: Row[] = [];
  let pageToken = '';
  for (let page = 0; page < pagesMax; page++) {
    const answer = await readPage(pageToken);
    rows.push(...answer.rows);
    pageToken = answer.nextPageToken;
    if (pageToken === '') return rows;
  }
  throw notDone(tooMany);
}
