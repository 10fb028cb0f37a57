import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from './command.ts';

/** A certificate with its key, and the authority that made it, each as PEM. */
export type Certificate = { certificate: string; key: string; authority: string };

const dayMs = 24 * 3_600_000;
// Browsers refuse certificates that are valid longer.
const validDays = 397;
const renewedBeforeDays = 30;

/**
 * Makes a certificate for host names and addresses by an authority of its own, whose key is thrown away: nothing else can be made by it. For trials
 * on one's own machine. Rejects with CommandError where openssl is not installed.
 */
export async function makeCertificate(names: readonly string[]): Promise<Certificate> {
  const directory = await mkdtemp(join(tmpdir(), 'outcry-certificate-'));
  const path = (name: string) => join(directory, name);
  const openssl = (...args: string[]) => runCommand('openssl', args);
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const days = ['-days', String(validDays)];
  try {
    const isAuthority = ['basicConstraints=critical,CA:TRUE,pathlen:0', 'keyUsage=critical,keyCertSign'];
    await openssl(
      ...['req', '-x509', ...newKey, ...days, '-subj', '/CN=Outcry on this machine'],
      ...isAuthority.flatMap((extension) => ['-addext', extension]),
      ...['-keyout', path('authority.key'), '-out', path('authority.crt')],
    );
    await openssl('req', '-new', ...newKey, '-subj', '/CN=Outcry', '-keyout', path('tls.key'), '-out', path('tls.csr'));
    await writeFile(path('extensions'), extensionsFor(names));
    await openssl(
      ...['x509', '-req', ...days, '-in', path('tls.csr'), '-extfile', path('extensions'), '-CAcreateserial'],
      ...['-CA', path('authority.crt'), '-CAkey', path('authority.key'), '-out', path('tls.crt')],
    );
    const [certificate, key, authority] = await Promise.all(
      ['tls.crt', 'tls.key', 'authority.crt'].map((name) => readFile(path(name), 'utf8')),
    );
    return { certificate: certificate ?? '', key: key ?? '', authority: authority ?? '' };
  } finally {
    await rm(directory, { recursive: true });
  }
}

function extensionsFor(names: readonly string[]): string {
  const alternatives = names.map((name) => `${isIP(name) === 0 ? 'DNS' : 'IP'}:${name}`);
  const lines = [
    `subjectAltName=${alternatives.join(',')}`,
    'basicConstraints=critical,CA:FALSE',
    'keyUsage=critical,digitalSignature',
    'extendedKeyUsage=serverAuth',
  ];
  return `${lines.join('\n')}\n`;
}

/** Whether a certificate, as PEM, is for all these names, and stays valid for a month. */
export function isGoodFor(certificate: string, names: readonly string[], nowMs: number = Date.now()): boolean {
  const parsed = new X509Certificate(certificate);
  const isFor = (name: string) => (isIP(name) === 0 ? parsed.checkHost(name) : parsed.checkIP(name)) !== undefined;
  return Date.parse(parsed.validTo) - nowMs >= renewedBeforeDays * dayMs && names.every(isFor);
}
