/** The row of a slice. */
import type { SliceProfile, SliceProgress } from '../domain/slice.ts';

/** The columns of how far a slice was worked, as `ProgressRow` has them. */
export const progressColumns = `slice.total_micros, slice.profile, slice.placed_micros, slice.filled_micros, slice.placed_count,
  slice.refused_count`;

/** One row of `progressColumns`. */
export type ProgressRow = {
  total_micros: bigint;
  profile: SliceProfile | null;
  placed_micros: bigint;
  filled_micros: bigint;
  placed_count: number;
  refused_count: number;
};

/** Reads these columns. */
export function toProgress(row: ProgressRow): SliceProgress {
  return {
    totalMicros: row.total_micros,
    profile: row.profile ?? undefined,
    placedMicros: row.placed_micros,
    filledMicros: row.filled_micros,
    placedCount: row.placed_count,
    refusedCount: row.refused_count,
  };
}
