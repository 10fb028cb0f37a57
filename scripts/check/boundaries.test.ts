import { describe, expect, it } from 'vitest';
import { findBoundaryProblems } from './boundaries.ts';

function problems(path: string, text: string): string[] {
  return findBoundaryProblems([{ path, text }]);
}

const engineRule = 'engine imports only #platform/money, the clocks of time zones, itself and libraries without I/O';
const domainRule = 'domain imports only #platform/money, the clocks of time zones, itself and libraries without I/O';
const entranceRule = 'another folder is entered through an index.ts';
const supervisorRule = 'the supervisor imports itself, platform, gen and the needs.ts of services';

describe('findBoundaryProblems', () => {
  it.each([
    ['services/order/server.ts', '../ledger/server.ts', 'a service is entered through its contract only'],
    ['services/order/server.ts', '../../gateway/config.ts', 'a service is entered through its contract only'],
    ['gateway/server.ts', '../services/order/server.ts', 'a service is entered through its contract only'],
    ['services/order/server.ts', '../../scripts/check/main.ts', 'a service imports itself, platform and gen'],
    ['platform/rpc/server.ts', '../../services/order/server.ts', 'platform imports only gen'],
    ['gen/outcry/a_pb.ts', '#platform/rpc/server.ts', 'gen imports nothing of ours'],
    ['services/order/domain/price.ts', 'node:crypto', domainRule],
    ['services/order/domain/price.ts', '../store/read.ts', domainRule],
    ['services/order/domain/price.ts', '#platform/errors/code.ts', domainRule],
    ['services/order/domain/price.ts', '#gen/outcry/a_pb.ts', domainRule],
    ['services/order/domain/price.test.ts', 'pg', domainRule],
    ['services/order/domain/price.ts', 'pg', domainRule],
    ['services/order/domain/price.ts', 'croner/dist/other.js', domainRule],
    ['scripts/audit/main.ts', '../../supervisor/data/run-file.ts', entranceRule],
    ['test/e2e/page.test.ts', '../../supervisor/testing/start-system.ts', entranceRule],
    ['bench/system/parts.ts', '../../supervisor/plan/index.ts', entranceRule],
    ['bench/system/administrator.ts', '../../scripts/audit/report.ts', entranceRule],
    ['bench/recovery/make-journal.ts', '../../services/order/server.ts', entranceRule],
    ['bench/recovery/make-journal.ts', '../../services/exchange/journal/codec.ts', entranceRule],
    ['scripts/mesh/generate.ts', '../../services/exchange/server.ts', entranceRule],
    ['test/e2e/wire.test.ts', '../../gateway/contracts.ts', entranceRule],
    ['test/e2e/wire.test.ts', '../../services/order/needs.test.ts', entranceRule],
    ['examples/client.ts', '../test/support/clients.ts', entranceRule],
    ['supervisor/start.ts', '../scripts/tool.ts', supervisorRule],
    ['supervisor/start.ts', '../services/order/index.ts', supervisorRule],
    ['supervisor/start.ts', '../services/order/server.ts', supervisorRule],
    ['services/order/server.ts', '../../supervisor/index.ts', 'a service imports itself, platform and gen'],
    ['services/exchange/engine/engine.ts', 'node:crypto', engineRule],
    ['services/exchange/engine/engine.ts', '../journal/codec.ts', engineRule],
    ['services/exchange/engine/engine.test.ts', '../verification/random/pair.ts', engineRule],
    [
      'services/exchange/rpc/submit.ts',
      '../verification/random/pair.ts',
      'only tools, verification and tests import tools and verification',
    ],
    [
      'services/exchange/server.ts',
      './tools/replay/replayer.ts',
      'only tools, verification and tests import tools and verification',
    ],
    [
      'services/exchange/verification/golden/case.ts',
      '../../../../supervisor/index.ts',
      'a service imports itself, platform and gen',
    ],
    [
      'services/exchange/tools/ladder/main.ts',
      '../../../order/server.ts',
      'a service is entered through its contract only',
    ],
  ])('refuses that %s imports %s', (path, specifier, rule) => {
    expect(problems(path, `import { a } from '${specifier}';`)).toEqual([`${path} imports ${specifier}: ${rule}`]);
  });

  it.each([
    ['services/order/server.ts', '#platform/rpc/server.ts'],
    ['services/order/server.ts', './domain/price.ts'],
    ['services/order/domain/price.ts', '#platform/money/decimal.ts'],
    ['services/market/domain/calendar/calendar.ts', '#platform/time/zone-clock.ts'],
    ['services/order/domain/price.ts', './tick/round.ts'],
    ['services/order/domain/price.test.ts', 'fast-check'],
    ['services/exchange/engine/matching/book.ts', '../model/codes.ts'],
    ['services/exchange/tools/ladder/main.ts', '../../../../supervisor/index.ts'],
    ['services/exchange/tools/replay/replayer.ts', '../../verification/reference/engine.ts'],
    ['services/exchange/journal/groups.test.ts', '../verification/random/pair.ts'],
    ['services/exchange/verification/scenarios/kill.test.ts', '../../server.ts'],
    ['services/auto/domain/cron-calendar.ts', 'croner'],
    ['services/user/domain/identity-rules.ts', '@zxcvbn-ts/core'],
    ['services/user/domain/identity-rules.ts', '@zxcvbn-ts/language-common'],
    ['platform/rpc/server.ts', '#gen/outcry/a_pb.ts'],
    ['test/e2e/orders.test.ts', '../../services/order/index.ts'],
    ['test/e2e/orders.test.ts', '../support/clients.ts'],
    ['bench/exchange/order-batches.ts', '../../services/order/testing/index.ts'],
    ['test/e2e/orders.test.ts', '#platform/testing/eventually.ts'],
    ['test/mesh/cluster.ts', '../../scripts/mesh/index.ts'],
    ['test/mesh/main.ts', '../../scripts/tool.ts'],
    ['bench/recovery/make-journal.ts', '../../services/exchange/index.ts'],
    ['scripts/mesh/generate.ts', '../../gateway/needs.ts'],
    ['supervisor/plan/services.ts', '../../services/order/needs.ts'],
    ['scripts/audit/main.ts', '../../supervisor/index.ts'],
    ['test/e2e/orders.test.ts', '../../supervisor/testing/index.ts'],
    ['supervisor/start.ts', './data/run-file.ts'],
    ['supervisor/start.ts', '#platform/embedded-postgres/start.ts'],
    ['gateway/web/main.ts', './api.ts'],
  ])('allows that %s imports %s', (path, specifier) => {
    expect(problems(path, `import { a } from '${specifier}';`)).toEqual([]);
  });

  it('lets only main.ts and config.ts of a service read the environment', () => {
    const text = 'const port = process.env.PORT;';
    expect(problems('services/order/server.ts', text)).toHaveLength(1);
    expect(problems('platform/rpc/server.ts', text)).toHaveLength(1);
    for (const path of [
      'services/order/main.ts',
      'gateway/config.ts',
      'services/order/server.test.ts',
      'scripts/x.ts',
    ]) {
      expect(problems(path, text)).toEqual([]);
    }
    expect(problems('services/order/server.ts', '// never process.env\n/* process.env */')).toEqual([]);
  });
});
