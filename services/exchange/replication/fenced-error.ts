/** Another process holds the shard by now; nothing that was not committed may leave this one. */
export class FencedError extends Error {
  override name = 'FencedError';
}
