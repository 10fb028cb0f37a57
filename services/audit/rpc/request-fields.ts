import { invalidArgument } from '#platform/errors/outcry-error.ts';

const findingsDefault = 100;
const findingsLimit = 1_000;

/** The findings that a caller wants. Throws INVALID_ARGUMENT. */
export function readFindingsMax({ findingsMax }: { findingsMax: number }): number {
  if (findingsMax < 0 || findingsMax > findingsLimit) {
    throw invalidArgument('findings_max', `must be 0 to ${findingsLimit}`);
  }
  return findingsMax || findingsDefault;
}
