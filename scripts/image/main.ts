// `npm run image`: the image of all services for amd64 and arm64, with a list of what is in it.
//   npm run image -- build NAME [--push]   builds both, by docker buildx with its SBOM attached, or without Docker by podman, as a
//                                          list of the two; --push sends them to NAME's registry
//   npm run image -- sbom [FILE]           the packages that production needs, as SPDX (default: dist/sbom.spdx.json)
//   npm run image -- licences [FOLDER]     bundles as the image does, and leaves LICENCES.txt there (default: dist/image); fails at a licence
//                                          that is not accepted
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { projectDirectory } from '../tool.ts';

const platforms = 'linux/amd64,linux/arm64';
const outputBytesMax = 64 << 20;

const [command = '', ...args] = process.argv.slice(2);
if (command === 'build' && args[0] !== undefined) buildImage(args[0], args.includes('--push'));
else if (command === 'sbom') writeSbom(resolve(args[0] ?? 'dist/sbom.spdx.json'));
else if (command === 'licences') listLicences(resolve(args[0] ?? 'dist/image'));
else {
  console.error('usage: npm run image -- build NAME [--push] | sbom [FILE] | licences [FOLDER]');
  process.exitCode = 2;
}

function buildImage(name: string, pushes: boolean): void {
  if (answers('docker', ['buildx', 'version'])) buildByDocker(name, pushes);
  else if (answers('podman', ['--version'])) buildByPodman(name, pushes);
  else fail('neither docker with buildx nor podman is installed');
}

function buildByDocker(name: string, pushes: boolean): void {
  const wanted = ['--platform', platforms, '--sbom=true', '--provenance=mode=max', '-t', name];
  // Without a registry the images stay with the builder: the store of Docker takes one platform only.
  run('docker', ['buildx', 'build', ...wanted, ...(pushes ? ['--push'] : []), '.']);
}

function buildByPodman(name: string, pushes: boolean): void {
  // Images that an earlier build has put on the list would stay on it.
  spawnSync('podman', ['manifest', 'rm', name], { stdio: 'ignore' });
  run('podman', ['build', '--platform', platforms, '--manifest', name, '.']);
  if (pushes && process.exitCode === undefined) run('podman', ['manifest', 'push', '--all', name, `docker://${name}`]);
}

function answers(program: string, words: readonly string[]): boolean {
  return spawnSync(program, words, { stdio: 'ignore' }).status === 0;
}

function writeSbom(file: string): void {
  const { status, stdout } = spawnSync(
    'npm',
    ['sbom', '--sbom-format', 'spdx', '--omit', 'dev', '--package-lock-only'],
    {
      cwd: projectDirectory,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
      maxBuffer: outputBytesMax,
    },
  );
  if (status !== 0) process.exitCode = 1;
  else {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, stdout);
    const { packages } = JSON.parse(stdout) as { packages: unknown[] };
    console.log(`${file}: ${packages.length} packages`);
  }
}

function listLicences(folder: string): void {
  run(process.execPath, [join(projectDirectory, 'scripts/image/bundle.ts'), folder]);
  if (process.exitCode === undefined) console.log(join(folder, 'LICENCES.txt'));
}

function run(program: string, words: readonly string[]): void {
  const { status, error } = spawnSync(program, words, { cwd: projectDirectory, stdio: 'inherit' });
  if (error !== undefined) fail(`${program} could not be run: ${error.message}`);
  if (status !== 0) process.exitCode = 1;
}

function fail(reason: string): void {
  console.error(`image: ${reason}`);
  process.exitCode = 1;
}
