/** One package as package-lock.json locks it. */
export type LockedPackage = {
  version?: string;
  optional?: boolean;
  dev?: boolean;
  os?: string[];
  cpu?: string[];
  libc?: string[];
  optionalDependencies?: Record<string, string>;
};

/** The packages of package-lock.json, by path. */
export type LockedPackages = Record<string, LockedPackage>;

const platformSuffix =
  /(aix|android|darwin|freebsd|linux|netbsd|openbsd|openharmony|sunos|win32)-([a-z0-9]+)(?:-(gnu|musl|msvc)\w*)?$/;

/**
 * Finds packages of other platforms that the lock leaves out. npm leaves them out when the registry that it was made with does
 * not carry them; `npm ci` then refuses the lock, on every machine.
 */
export function findMissingPlatforms(packages: LockedPackages): string[] {
  return missing(packages).map(
    ({ by, name, version }) =>
      `package-lock.json has no entry for ${name}@${version}, an optional part of ${by}: npm ci refuses it; ` +
      'run `npm run lock:complete`',
  );
}

/** The lock with an entry for each package that findMissingPlatforms names; platforms are read from the names. */
export function completePlatforms(packages: LockedPackages): LockedPackages {
  const added = missing(packages).map(({ by, name, version }) => {
    const entry: LockedPackage = { version, ...platformOf(name), optional: true };
    return [`node_modules/${name}`, packages[by]?.dev ? { ...entry, dev: true } : entry] as const;
  });
  const all = Object.entries({ ...packages, ...Object.fromEntries(added) });
  return Object.fromEntries(all.toSorted(([a], [b]) => a.localeCompare(b, 'en')));
}

type Missing = { by: string; name: string; version: string };

function missing(packages: LockedPackages): Missing[] {
  return Object.entries(packages).flatMap(([by, { optionalDependencies = {} }]) =>
    Object.entries(optionalDependencies)
      .filter(([name]) => !isLocked(packages, by, name))
      .map(([name, version]) => ({ by, name, version })),
  );
}

// A dependency is looked for in each node_modules folder on the way up, as Node does.
function isLocked(packages: LockedPackages, from: string, name: string): boolean {
  for (let path = from; ; path = path.slice(0, Math.max(0, path.lastIndexOf('/node_modules/')))) {
    if (packages[path === '' ? `node_modules/${name}` : `${path}/node_modules/${name}`]) return true;
    if (path === '') return false;
  }
}

function platformOf(name: string): Pick<LockedPackage, 'os' | 'cpu' | 'libc'> {
  const [, os, cpu, abi] = platformSuffix.exec(name) ?? [];
  if (os === undefined || cpu === undefined) throw new Error(`the name ${name} does not tell its platform`);
  const libc = os === 'linux' && abi !== undefined ? { libc: [abi === 'gnu' ? 'glibc' : 'musl'] } : {};
  return { os: [os], cpu: [cpu === 'armv7' ? 'arm' : cpu], ...libc };
}
