/** Every screen in both themes, and the moments that are worth a picture. */
import { goTo } from '../support/web-app.ts';
import { type Camera, type Size, untilRead } from './camera.ts';
import { takeMoments } from './moments.ts';
import type { Scene } from './scene.ts';

const accountScreens = ['portfolio', 'orders', 'money', 'money/statement', 'money/fees', 'automation', 'inbox'];
const moreAccountScreens = [
  'inbox/ways',
  'inbox/mail',
  'settings',
  'settings/letters',
  'settings/account',
  'settings/keys',
];
const operations = ['audit', 'trading', 'users', 'house', 'payments', 'dead'].map((part) => `operations/${part}`);
const staffScreens = ['operations', ...operations, 'admin', 'admin/issues', 'admin/listings'];

/** Takes all of them. */
export async function takeAll(scene: Scene, camera: Camera): Promise<void> {
  await takeFloors(scene, camera);
  await takeMoments(scene, camera);
  await takeScreens({ scene, camera, person: scene.alice, screens: [...accountScreens, ...moreAccountScreens] });
  await takeScreens({ scene, camera, person: scene.admin, screens: staffScreens });
}

async function takeFloors(scene: Scene, camera: Camera): Promise<void> {
  for (const size of ['wide', 'desktop', 'tablet', 'narrow', 'phone'] as const) {
    if (!camera.wants(`floor-${size}-light`) && !camera.wants(`floor-${size}-dark`)) continue;
    const page = await camera.open(`${scene.gatewayUrl}/#/ACME`, size, scene.alice);
    await untilRead(page);
    await camera.takeBoth(page, `floor-${size}`);
    await page.context().close();
  }
}

type ScreensOptions = {
  scene: Scene;
  camera: Camera;
  person: { email: string; password: string };
  screens: readonly string[];
};

async function takeScreens({ scene, camera, person, screens }: ScreensOptions): Promise<void> {
  for (const size of ['desktop', 'phone'] as const satisfies Size[]) {
    // On a phone the parts of a screen look alike.
    const shown = screens.filter((screen) => size === 'desktop' || !screen.includes('/'));
    const wanted = shown.filter((screen) => camera.wants(nameOf(screen, size)));
    if (wanted.length === 0) continue;
    const page = await camera.open(`${scene.gatewayUrl}/#/ACME`, size, person);
    for (const screen of wanted) {
      await goTo(page, screen);
      await untilRead(page);
      await camera.takeBoth(page, nameOf(screen, size));
    }
    await page.context().close();
  }
}

const nameOf = (screen: string, size: Size) => `${screen.replace('/', '-')}-${size}`;
