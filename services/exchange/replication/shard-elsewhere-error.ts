import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { OutcryError } from '#platform/errors/outcry-error.ts';

/**
 * UNAVAILABLE NOT_THE_SHARD_HOLDER: this process does not serve the shard now. What was asked may have happened; every call of the
 * exchange may be sent again, and the routing does so where the shard is served.
 */
export class ShardElsewhereError extends OutcryError {
  readonly shard: number;

  constructor(shard: number) {
    super(Code.UNAVAILABLE, ErrorReason.NOT_THE_SHARD_HOLDER, 'this process does not hold the shard');
    this.shard = shard;
  }
}
