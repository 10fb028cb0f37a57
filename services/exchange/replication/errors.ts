/** Errors by which a process notices that it does not, or no longer, lead a shard. */
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { OutcryError } from '#platform/errors/outcry-error.ts';

/**
 * UNAVAILABLE NOT_THE_SHARD_HOLDER: this process does not serve the shard now. The command may have been carried out; every call of
 * the exchange can be sent again, and `routeCalls` does so where the shard is served.
 */
export class ShardElsewhereError extends OutcryError {
  readonly shard: number;

  constructor(shard: number) {
    super(Code.UNAVAILABLE, ErrorReason.NOT_THE_SHARD_HOLDER, 'this process does not hold the shard');
    this.shard = shard;
  }
}

/** Another process has taken the shard over; this one must not answer anything that it did not commit. */
export class FencedError extends Error {
  override name = 'FencedError';
}

/** The reason of a term that ended because its shard was handed over. */
export class HandedOverError extends Error {
  override name = 'HandedOverError';
}
