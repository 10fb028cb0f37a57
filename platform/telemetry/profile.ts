/** Profiles of this process by V8's own profilers, which its inspector has: names of functions and counts, no values. */
import { Session } from 'node:inspector/promises';
import { pause } from '#platform/time/pause.ts';

/** `cpu`: where the time goes. `heap`: which functions allocated what is in use, by sampling. */
export type ProfileKind = 'cpu' | 'heap';

/** Why there is no profile: another one is under way, or it is too large to be sent. */
export class ProfileRefusedError extends Error {
  override name = 'ProfileRefusedError';
}

/** The longest profile, in s. */
export const profileSecondsMax = 30;

const bytesMax = 16 * 1024 * 1024;
// Twice the default: a profile of half a minute stays small, and costs little.
const cpuIntervalUs = 2_000;
const heapIntervalBytes = 65_536;

let isUnderWay = false;

/**
 * Takes a profile for 1 to 30 s and resolves to it as JSON, as Chrome's developer tools and speedscope read it (.cpuprofile, .heapprofile).
 *
 * @throws ProfileRefusedError
 */
export async function takeProfile(kind: ProfileKind, seconds: number): Promise<string> {
  if (isUnderWay) throw new ProfileRefusedError('another profile of this process is under way');
  isUnderWay = true;
  const session = new Session();
  try {
    session.connect();
    const profile = kind === 'cpu' ? await takeCpu(session, seconds) : await takeHeap(session, seconds);
    const text = JSON.stringify(profile);
    if (text.length > bytesMax) throw new ProfileRefusedError('the profile is too large; take a shorter one');
    return text;
  } finally {
    session.disconnect();
    isUnderWay = false;
  }
}

async function takeCpu(session: Session, seconds: number): Promise<object> {
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: cpuIntervalUs });
  await session.post('Profiler.start');
  await pause(seconds * 1_000);
  return (await session.post('Profiler.stop')).profile;
}

async function takeHeap(session: Session, seconds: number): Promise<object> {
  await session.post('HeapProfiler.startSampling', { samplingInterval: heapIntervalBytes });
  await pause(seconds * 1_000);
  return (await session.post('HeapProfiler.stopSampling')).profile;
}
