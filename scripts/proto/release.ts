// `npm run proto:release`: from now on the contracts, as they are, may not be broken. Only this command renews the image.

import { RELEASED_IMAGE } from '../check/steps.ts';
import { runTool } from '../tool.ts';

const { code } = await runTool('buf', ['build', 'proto', '-o', RELEASED_IMAGE], { live: true });
if (code === 0) console.log(`${RELEASED_IMAGE} holds the contracts as they are; commit it with the release.`);
process.exitCode = code;
