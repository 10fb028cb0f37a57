/** What a request accepts: the form of a file, and whether the caller has it already. */
import type { Page } from './page.ts';

/** A form of a page: its bytes, their coding if they have one, and their ETag. */
export type Form = { body: string | Buffer; coding?: 'br' | 'gzip'; etag: string };

/** The smallest form of the page that the caller reads, brotli before gzip. */
export function chooseForm(page: Page, acceptEncoding: string | undefined): Form {
  const accepted = acceptedCodings(acceptEncoding);
  for (const coding of ['br', 'gzip'] as const) {
    const body = page.encoded?.[coding];
    if (body !== undefined && accepted(coding)) return { body, coding, etag: page.etag.replace(/"$/, `-${coding}"`) };
  }
  return { body: page.body, etag: page.etag };
}

/** Whether If-None-Match names the ETag: the caller has these bytes. */
export function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.split(',').some((item) => item.trim().replace(/^W\//, '') === etag || item.trim() === '*');
}

// Only codings that are named: `*` and the preferences of RFC 9110 beside q=0 are not needed by any client that is known.
function acceptedCodings(acceptEncoding: string | undefined): (coding: string) => boolean {
  const refused = /;\s*q=0(?:\.0*)?\s*$/;
  const items = (acceptEncoding ?? '').toLowerCase().split(',');
  const names = items.filter((item) => !refused.test(item)).map((item) => item.split(';', 1)[0]?.trim());
  return (coding) => names.includes(coding);
}
