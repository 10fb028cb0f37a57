/** What the gateway serves beside RPCs. */
import { createHash } from 'node:crypto';
import type { Encoded } from './encode.ts';

/** A file as it is served. */
export type Page = {
  contentType: string;
  body: string | Buffer;
  /** Strong, of the body as it is; that of a compressed form has the form's name in it too. */
  etag: string;
  /** The path names the content: what a browser has stored never changes. */
  isImmutable?: boolean;
  /** Compressed forms, where they are worth it. */
  encoded?: Encoded;
  /** A text of the body that stands for the address at which the gateway is reached. */
  addressText?: string;
};

const contentTypes: Record<string, string> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  ts: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml; charset=utf-8',
  json: 'application/json; charset=utf-8',
  map: 'application/json; charset=utf-8',
  http: 'text/plain; charset=utf-8',
  txt: 'text/plain; charset=utf-8',
  woff2: 'font/woff2',
  png: 'image/png',
  webmanifest: 'application/manifest+json; charset=utf-8',
};

/** The content type of a file by the end of its name. */
export function contentTypeOf(name: string): string {
  return contentTypes[name.split('.').pop() ?? ''] ?? 'application/octet-stream';
}

/** A strong ETag of a body. */
export function etagOf(body: string | Buffer): string {
  return `"${createHash('sha256').update(body).digest('base64url')}"`;
}
