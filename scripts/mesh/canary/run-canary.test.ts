import { beforeEach, describe, expect, it } from 'vitest';
import type { CanaryCluster } from './canary-cluster.ts';
import type { Progress } from './progress.ts';
import { parseSamples, type Sample } from './prometheus-text.ts';
import { abortCanary, type CanaryOptions, runCanary } from './run-canary.ts';

const version = { image: 'outcry/user:2', env: {} };

/** A cluster in memory; the command is killed at a named step when the test asks for it. */
class FakeCluster {
  steps: string[] = [];
  canary: Progress | undefined;
  stableImage = 'outcry/user:1';
  weight = 0;
  calls = 0;
  failed = 0;
  audits = 0;
  killedAt = '';
  /** Of the calls that a step gives the canary, how many fail. */
  failsOf100 = 0;
  /** Findings of the audit once the stable version is the new one. */
  findingsWhenPromoted = 0;

  #step(name: string): void {
    if (name === this.killedAt) {
      this.killedAt = '';
      throw new Error('killed');
    }
    this.steps.push(name);
  }

  readonly cluster: CanaryCluster = {
    find: async () => this.canary && { progress: { ...this.canary }, runs: ({ image }) => image === version.image },
    stable: async ({ image }) => ({ revision: '1', isVersion: this.stableImage === image }),
    migrate: async () => this.#step('migrate'),
    create: async (_version, progress) => {
      this.#step('create');
      this.canary = { ...progress };
    },
    save: async (progress) => {
      this.#step(`save ${progress.phase} ${progress.passed}`);
      this.canary = { ...progress };
    },
    untilReady: async () => this.#step('ready'),
    share: async ({ weight, byHeader }) => {
      this.#step(`share ${weight}${byHeader ? ' and header' : ''}`);
      this.weight = weight;
    },
    read: async () => {
      this.audits += 1;
      this.calls += this.weight;
      this.failed += Math.round((this.weight * this.failsOf100) / 100);
      const stable = this.#samples(1_000, 0);
      const canary = this.canary === undefined ? [] : [this.#samples(this.calls - this.failed, this.failed)];
      return { canary, stable: [stable], orders: [], audits: [this.#audit()], restarts: 0 };
    },
    passRole: async () => this.#step('role'),
    updateStable: async ({ image }) => {
      this.#step('stable');
      this.stableImage = image;
    },
    restoreStable: async (revision) => {
      this.#step(`restore ${revision}`);
      this.stableImage = 'outcry/user:1';
    },
    remove: async () => {
      this.#step('remove');
      this.canary = undefined;
    },
  };

  #samples(good: number, bad: number): Sample[] {
    const count = (code: string, value: number) =>
      `rpc_server_call_duration_seconds_count{rpc_method="outcry.user.v1.A/B",rpc_response_status_code="${code}"} ${value}`;
    return parseSamples(`${count('OK', good)}\n${count('INTERNAL', bad)}`);
  }

  #audit(): Sample[] {
    const findings = this.stableImage === version.image ? this.findingsWhenPromoted : 0;
    return parseSamples(
      `outcry_audit_findings{kind="light"} ${findings}\noutcry_audit_completed_timestamp_seconds{kind="light"} ${this.audits}`,
    );
  }
}

let fake: FakeCluster;
let options: CanaryOptions;
beforeEach(() => {
  fake = new FakeCluster();
  const rules = { holdMs: 0, callsMin: 5, undecidedMsMax: 10_000 };
  const { cluster } = fake;
  options = {
    cluster,
    service: 'user',
    version,
    steps: [10, 100],
    migrates: false,
    rules,
    lookEveryMs: 1,
    say: () => {},
  };
});

describe('runCanary', () => {
  it('creates, takes its steps, passes the role on and makes the version the stable one', async () => {
    expect(await runCanary(options)).toEqual({ type: 'promoted', failed: {}, reasons: [] });
    expect(fake.steps).toEqual([
      'share 0',
      'create',
      'ready',
      'share 10 and header',
      'save steps 1',
      'share 100 and header',
      'save steps 2',
      'save promoting 2',
      'role',
      'stable',
      'share 0',
      'remove',
    ]);
    expect(fake.stableImage).toBe(version.image);
    expect(await runCanary(options)).toMatchObject({ type: 'nothing' });
  });

  it('applies migrations first, when it is told to', async () => {
    await runCanary({ ...options, migrates: true });
    expect(fake.steps.slice(0, 3)).toEqual(['migrate', 'share 0', 'create']);
  });

  it('takes a bad version away by itself, with the reasons and what it cost', async () => {
    fake.failsOf100 = 50;
    const end = await runCanary(options);
    expect(end).toMatchObject({ type: 'aborted' });
    expect(end.failed['A/B ended INTERNAL']).toBeGreaterThan(0);
    expect(end.reasons.join()).toContain('A/B ended INTERNAL');
    expect(fake.steps.slice(-3)).toEqual(['save aborting 0', 'share 0', 'remove']);
    expect([fake.canary, fake.stableImage]).toEqual([undefined, 'outcry/user:1']);
  });

  it('rolls a version back that the audit finds wrong once it holds the leases', async () => {
    fake.findingsWhenPromoted = 3;
    const end = await runCanary(options);
    expect(end).toMatchObject({ type: 'aborted', reasons: ['the audit has new findings (3) since it was promoted'] });
    expect(fake.steps.slice(-4)).toEqual(['save rolling-back 2', 'share 0', 'restore 1', 'remove']);
    expect([fake.canary, fake.stableImage]).toEqual([undefined, 'outcry/user:1']);
  });

  it('rolls a version back that no pass of the audit has judged', async () => {
    const { cluster } = fake;
    const read = async () => {
      const reading = await cluster.read();
      return fake.stableImage === version.image ? { ...reading, audits: [parseSamples('')] } : reading;
    };
    const rules = { ...options.rules, undecidedMsMax: 30 };
    const end = await runCanary({ ...options, cluster: { ...cluster, read }, rules });
    expect(end.reasons).toEqual(['the audit has completed no pass since it was promoted']);
    expect(fake.stableImage).toBe('outcry/user:1');
  });

  it.each(['create', 'save steps 1', 'share 100 and header', 'save promoting 2', 'role', 'stable', 'remove'])(
    'goes on when it was killed at: %s',
    async (killedAt) => {
      fake.killedAt = killedAt;
      await expect(runCanary(options)).rejects.toThrow('killed');
      expect(await runCanary(options)).toMatchObject({ type: 'promoted' });
      expect([fake.canary, fake.stableImage, fake.weight]).toEqual([undefined, version.image, 0]);
      const tenths = fake.steps.filter((step) => step === 'share 10 and header');
      expect(tenths).toHaveLength(killedAt === 'save steps 1' ? 2 : 1);
    },
  );

  it('goes on with an abort that it was killed in', async () => {
    fake.failsOf100 = 50;
    fake.killedAt = 'remove';
    await expect(runCanary(options)).rejects.toThrow('killed');
    expect(await runCanary(options)).toMatchObject({ type: 'aborted' });
    expect(fake.canary).toBeUndefined();
  });

  it('refuses another version while a canary runs, and ends when another command works on it', async () => {
    fake.killedAt = 'share 10 and header';
    await runCanary(options).catch(() => {});
    await expect(runCanary({ ...options, version: { image: 'outcry/user:3', env: {} } })).rejects.toThrow('--abort');
    const { cluster } = fake;
    const taken = { ...cluster, read: async () => ({ ...(await cluster.read()), ...takeOver() }) };
    const takeOver = () => {
      if (fake.canary !== undefined) fake.canary.run = 'another';
      return {};
    };
    await expect(runCanary({ ...options, cluster: taken })).rejects.toThrow('another command');
  });
});

describe('abortCanary', () => {
  it('ends a canary at whatever it is, and a promotion by rolling back', async () => {
    fake.killedAt = 'share 100 and header';
    await runCanary(options).catch(() => {});
    expect(await abortCanary(options)).toMatchObject({ type: 'aborted', reasons: ['it was asked for'] });
    expect([fake.canary, fake.weight]).toEqual([undefined, 0]);
    fake.killedAt = 'remove';
    await runCanary(options).catch(() => {});
    expect(fake.stableImage).toBe(version.image);
    await abortCanary(options);
    expect(fake.stableImage).toBe('outcry/user:1');
    expect(await abortCanary(options)).toMatchObject({ type: 'nothing' });
  });
});
