import { Argument, Command } from 'commander';
import { relative } from 'node:path';
import { readEnvironment } from '../environment.ts';
import type { Lesson } from '../kind/lessons/lesson.ts';
import { ROOT } from '../paths.ts';
import { createProgress, print, terminalWidth, wantsColor } from './terminal.ts';
import { portOf } from './up-settings.ts';

/** The lessons, by what they are called here. */
const LESSONS: Readonly<Record<string, () => Promise<Lesson>>> = {
  selfheal: async () => (await import('../kind/lessons/self-heal.ts')).selfHeal,
  scale: async () => (await import('../kind/lessons/scale.ts')).scale,
  rollout: async () => (await import('../kind/lessons/roll-out.ts')).rollOut,
  policy: async () => (await import('../kind/lessons/policy.ts')).policy,
};

const ASIDE_MS = 5_000;

export function kindCommand(): Command {
  const kind = new Command('kind').description('both brews on a cluster of this machine (kind): up, deploy, smoke, compare, demo, down');
  kind.command('up').description('make the cluster, with an Nginx ingress (HTTP_PORT: where it listens, 8080 unless told)').action(up);
  kind.command('deploy').description('build the images and bring both brews in').option('--layers <layers>', 'what to lay on top: +tracing +metrics +elk +kafka-ha +autoscaling', '').action(deploy);
  kind.command('smoke').description('follow one order through each brew').action(smoke);
  kind.command('compare').description('measure both brews by a Job beside them').action(compare);
  kind.command('measure').description('what that Job does: measure both brews from inside their cluster, and print the figures as JSON').action(measure);
  kind.command('demo').description('see the cluster do something').addArgument(new Argument('<lesson>').choices(Object.keys(LESSONS))).action(demo);
  kind.command('down').description('remove the cluster with all that is in it').action(down);
  return kind;
}

async function up(): Promise<void> {
  const http = portOf(readEnvironment()['HTTP_PORT'], 'HTTP_PORT');
  const { bringUpCluster } = await import('../kind/up.ts');
  await bringUpCluster({ port: { http, variable: 'HTTP_PORT' }, onProgress: createProgress() });
  print('\nThe cluster is up. Next: `make kind-deploy`, for both brews.');
}

async function deploy({ layers }: { layers: string }): Promise<void> {
  const [{ parseLayers }, { deploy: deployBrews }, { describeDeployed }] = await Promise.all([import('../kind/layers.ts'), import('../kind/deploy.ts'), import('../kind/deployed-text.ts')]);
  const names = parseLayers(layers);
  await deployBrews({ layers: names, onProgress: createProgress() });
  const { ingressPort } = await import('../kind/cluster.ts');
  print(`\n${describeDeployed(await ingressPort(), names)}`);
}

async function smoke(): Promise<void> {
  const [{ smoke: order }, { renderWaterfall }] = await Promise.all([import('../kind/smoke.ts'), import('../trace/waterfall-text.ts')]);
  const traces = await order(createProgress());
  if (traces.length > 0) print(`\n${renderWaterfall(traces, { width: terminalWidth(), color: wantsColor() })}`);
}

async function compare(): Promise<void> {
  const [{ compareInCluster }, { renderFigures }] = await Promise.all([import('../kind/compare/compare.ts'), import('../kind/compare/cluster-figures.ts')]);
  const { figures, path } = await compareInCluster(createProgress());
  print(`\n${renderFigures(figures)}\n\nThe figures: ${relative(ROOT, path)}`);
}

async function measure(): Promise<void> {
  const { measureInCluster } = await import('../kind/compare/measure.ts');
  print(JSON.stringify(await measureInCluster()));
}

async function demo(lesson: string): Promise<void> {
  const { ingressPort, requireCluster } = await import('../kind/cluster.ts');
  await requireCluster();
  const show = await LESSONS[lesson]?.();
  await show?.({ port: await ingressPort(), asideMs: ASIDE_MS, print, onProgress: createProgress() });
}

async function down(): Promise<void> {
  const { removeCluster } = await import('../kind/up.ts');
  await removeCluster();
}
