/** A morning of the market: what people do, and when. */
import { alicesMorning } from './alice.ts';
import type { Camera } from './camera.ts';
import { takeMoment } from './moments.ts';
import { othersMorning } from './others.ts';
import { type Act, passAt, type Scene, timeOfDay, untilTime } from './scene.ts';

// How many times as fast as usual the market's time passes meanwhile.
const morningSpeed = 40;

const endTime = '10:12';

/** Lives the morning up to its end, which takes three and a half minutes, and leaves the clock at its usual speed. */
export async function liveMorning(scene: Scene, camera: Camera, print: (line: string) => void): Promise<void> {
  const acts = [...alicesMorning, ...othersMorning, auction(camera)].toSorted((one, other) =>
    one.at.localeCompare(other.at),
  );
  const began = await timeOfDay(scene);
  if (began < endTime) await passAt(scene, morningSpeed);
  for (const { at, what, run } of acts) {
    // Data that was used before has had its morning, or a part of it.
    if (at < began) continue;
    await untilTime(scene, at);
    print(`${at} ${what}`);
    await run(scene);
  }
  await untilTime(scene, endTime);
  await passAt(scene, 1);
}

/** The opening auction of HUDS, which lasts two minutes of the market, is looked at while it collects orders. */
function auction(camera: Camera): Act {
  return {
    at: '09:29',
    what: 'the opening auction',
    async run(scene) {
      await passAt(scene, 1);
      const nothing = async () => {};
      if (camera.wants('auction'))
        await takeMoment(scene, camera, {
          name: 'auction',
          size: 'wide',
          symbol: 'HUDS',
          theme: 'light',
          show: nothing,
        });
      await passAt(scene, morningSpeed);
    },
  };
}
