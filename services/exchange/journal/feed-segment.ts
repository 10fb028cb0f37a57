/** Consecutive events as protobuf bytes: FollowResponse.events, one entry an event. */
export type FeedSegment = {
  firstSequence: number;
  lastSequence: number;
  bytes: Uint8Array;
  /** The groups that the events are of, in order. */
  marks: readonly FeedMark[];
};

/** The end of a group in the feed, and the group's checksum, which covers all groups before it as well. */
export type FeedMark = { lastSequence: number; checksum: number };

/** The name of the feed's history up to the group that has an event of the segment; undefined when the segment does not have it. */
export function fingerprintIn({ firstSequence, marks }: FeedSegment, sequence: number): string | undefined {
  const mark = sequence < firstSequence ? undefined : marks.find(({ lastSequence }) => lastSequence >= sequence);
  return mark && toFingerprint(mark.checksum);
}

/** A group's checksum as followers get it. */
export function toFingerprint(checksum: number): string {
  return checksum.toString(16).padStart(8, '0');
}

/** At most `eventsMax` events of a segment after a sequence; undefined if there are none. */
export function sliceSegment(segment: FeedSegment, afterSequence: number, eventsMax: number): FeedSegment | undefined {
  const firstSequence = Math.max(segment.firstSequence, afterSequence + 1);
  const lastSequence = Math.min(segment.lastSequence, firstSequence + eventsMax - 1);
  if (lastSequence < firstSequence) return undefined;
  const start = skipEvents(segment.bytes, 0, firstSequence - segment.firstSequence);
  const all = lastSequence === segment.lastSequence;
  const end = all ? segment.bytes.length : skipEvents(segment.bytes, start, lastSequence - firstSequence + 1);
  return { firstSequence, lastSequence, bytes: segment.bytes.subarray(start, end), marks: segment.marks };
}

// Each event is one tag byte, its length as a varint, and its bytes.
function skipEvents(bytes: Uint8Array, start: number, count: number): number {
  let at = start;
  for (let i = 0; i < count; i++) {
    let length = 0;
    let shift = 0;
    do {
      at++;
      length |= ((bytes[at] as number) & 127) << shift;
      shift += 7;
    } while ((bytes[at] as number) > 127);
    at += 1 + length;
  }
  return at;
}
