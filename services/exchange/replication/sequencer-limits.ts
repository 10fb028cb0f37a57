/** Bounds of a sequencer. */
export type SequencerLimits = {
  /** Commands in the queue; past this bound calls are refused RESOURCE_EXHAUSTED. */
  queueLengthMax: number;
  /** Commands of one group; a single call is never split. */
  groupCommandsMax: number;
  /** Groups that are matched and not yet committed. */
  groupsAheadMax: number;
  /** Queued commands from which a group is matched while another is committed; fewer wait, so that one commit takes more calls. */
  aheadCommandsMin: number;
};

/** The default bounds. */
export const sequencerLimits: SequencerLimits = {
  queueLengthMax: 20_000,
  groupCommandsMax: 1_000,
  groupsAheadMax: 2,
  aheadCommandsMin: 64,
};
