// `npm run proto:release`: makes the contracts, as they are, the ones that `npm run check` compares later ones with. Only this command
// renews the image.
import { releasedImage } from '../check/steps.ts';
import { runTool } from '../tool.ts';

const { code } = await runTool('buf', ['build', 'proto', '-o', releasedImage], { live: true });
if (code === 0) console.log(`${releasedImage} holds the contracts as they are; commit it with the release.`);
process.exitCode = code;
