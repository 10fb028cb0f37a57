import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { aborted } from '#platform/errors/outcry-error.ts';

/** Another transaction named the same order id between two statements; the next attempt sees what it did. */
export class RaceLostError extends Error {
  override name = 'RaceLostError';
}

const attemptsMax = 5;

/** Runs a whole transaction again when it met another one on an order id. Throws ABORTED after five attempts. */
export async function repeatOnRace<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof RaceLostError)) throw error;
      if (attempt === attemptsMax) throw aborted(ErrorReason.OVERLOADED, 'too many calls name the same orders at once');
    }
  }
}
