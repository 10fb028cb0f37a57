import { OutcryError } from '#platform/errors/outcry-error.ts';

/** The OutcryError that `work` rejects with. Throws when it resolves, or rejects with something else. */
export async function failureOf(work: Promise<unknown>): Promise<OutcryError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof OutcryError) return error;
    throw error;
  }
  throw new Error('expected a failure');
}
