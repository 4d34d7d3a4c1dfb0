import { globSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { docker } from '../../lab/src/containers/docker.ts';
import { ROOT } from '../../lab/src/paths.ts';

const IMAGE = 'prom/prometheus:v3.5.0';
const FOLDER = join(ROOT, 'deploy/docker/prometheus');
const RULE_TESTS = globSync('rules/tests/*.yml', { cwd: FOLDER }).toSorted();

/** Runs a shell script in the image, in a copy of the configuration; resolves with all it printed, rejects when it fails. */
function run(script: string): Promise<string> {
  return docker(['run', '--rm', '--network=none', `--volume=${FOLDER}:/etc/prometheus:ro`, '--entrypoint=sh', IMAGE, '-ec', `cp -r /etc/prometheus /tmp/copy; cd /tmp/copy; if { ${script}; } >/tmp/output 2>&1; then cat /tmp/output; else cat /tmp/output >&2; exit 1; fi`]);
}

describe('promtool', () => {
  test('accepts the configuration with every rule, and finds no rule twice', async () => {
    expect(await run('promtool check config --lint=all --lint-fatal prometheus.yml')).toContain('prometheus.yml is valid');
  });

  test('finds that the rules do what their tests say', async () => {
    expect(RULE_TESTS.length).toBe(5);
    const output = await run(`promtool test rules ${RULE_TESTS.join(' ')}`);
    expect(output.match(/SUCCESS/g)).toHaveLength(RULE_TESTS.length);
  });

  test.each([
    ['an outbox may be older', 'alerts.yml', 's/> 30$/> 3000/', 'messages'],
    ['dead letters go unseen', 'alerts.yml', 's/dead_letters:max > 0/dead_letters:max > 9/', 'messages'],
    ['a group may lag', 'alerts.yml', 's/> 1000/> 100000/', 'messages'],
    ['a process may restart', 'alerts.yml', 's/\\[15m\\]) > 2/[15m]) > 9/', 'processes'],
    ['a service that is gone is not missed', 'alerts.yml', 's/\\[1h\\]/[15s]/', 'processes'],
    ['orders burn their budget faster', 'order-objective.yml', 's/14.4/144/', 'order-objective'],
    ['orders burn their budget for hours', 'order-objective.yml', 's/> 6 /> 60 /', 'order-objective'],
    ['orders burn their budget for days', 'order-objective.yml', 's/> 1 \\*/> 10 */', 'order-objective-days'],
    ['what is over still wakes somebody', 'order-objective.yml', 's/ and brew:.*//', 'order-objective'],
    ['no fault means no figure', 'requests.yml', '/ or brew:/d', 'requests'],
  ])('finds out when %s', async (_, rules, edit, tested) => {
    const edited = `sed -i '${edit}' rules/${rules}; if cmp -s rules/${rules} /etc/prometheus/rules/${rules}; then echo unchanged; fi`;
    expect(await run(`${edited}; if promtool test rules rules/tests/${tested}.yml; then echo unnoticed; fi`)).toMatch(/^(?!.*(unchanged|unnoticed)).*FAILED/s);
  });
});
