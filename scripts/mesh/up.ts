// `npm run mesh:up`: builds the image, applies an overlay to the cluster that KUBECONFIG names, and waits until all of it is ready.
//   --overlay FOLDER     what is applied, with its namespace, images and parameters (default: k8s/overlays/laptop)
//   --no-build           the cluster has the image already
//   OUTCRY_BUILD_IMAGE   the command that builds and delivers the image; it is given NAME -f Dockerfile . (default: docker build -t)
import { parseArgs } from 'node:util';
import { applyOverlay } from './apply.ts';
import { CommandError, describeFailure, runCommand } from './command.ts';
import { serviceImages } from './manifest.ts';
import { defaultOverlay, renderOverlay } from './overlay.ts';
import { findOverlayProblems } from './requirements.ts';

const startTimeMs = performance.now();

try {
  await bringUp();
} catch (error) {
  console.error(`mesh:up: ${describeFailure(error)}`);
  process.exitCode = 1;
}

async function bringUp(): Promise<void> {
  const { values } = parseArgs({
    options: { overlay: { type: 'string', default: defaultOverlay }, 'no-build': { type: 'boolean', default: false } },
  });
  const overlay = await renderOverlay(values.overlay);
  const missing = await findOverlayProblems(overlay);
  if (missing.length > 0) throw new CommandError(missing.join('\n'));
  if (!values['no-build']) step(`image ${await buildImage(serviceImages(overlay.manifests))}`);
  await applyOverlay(overlay, step);
}

function step(what: string): void {
  console.log(`${((performance.now() - startTimeMs) / 1000).toFixed(1).padStart(6)} s  ${what}`);
}

async function buildImage(images: readonly string[]): Promise<string> {
  const [image] = images;
  if (image === undefined || images.length > 1) {
    throw new CommandError(`the overlay runs ${images.join(', ')}; one image is built here, so use --no-build`);
  }
  const command = process.env.OUTCRY_BUILD_IMAGE || 'docker build -t';
  await runCommand('sh', ['-c', `${command} "$@"`, 'build', image, '-f', 'Dockerfile', '.'], { live: true });
  return image;
}
