import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { ROOT } from '../../lab/src/paths.ts';

const FOLDER = join(ROOT, 'deploy/docker/grafana/dashboards');

const DataSource = z.object({ type: z.string(), uid: z.string() });
const Target = z.object({ refId: z.string(), expr: z.string().min(1), legendFormat: z.string().min(1), datasource: DataSource, exemplar: z.boolean().optional() });
const Panel = z.object({
  id: z.int(),
  type: z.enum(['timeseries', 'stat']),
  title: z.string().min(1),
  description: z.string().min(1),
  datasource: DataSource,
  gridPos: z.object({ x: z.int().min(0), y: z.int().min(0), w: z.int().min(1), h: z.int().min(1) }),
  fieldConfig: z.object({ defaults: z.object({ unit: z.string() }) }),
  targets: z.array(Target).min(1),
});

/** What we use of Grafana's dashboards: https://grafana.com/docs/grafana/latest/dashboards/build-dashboards/view-dashboard-json-model/ */
export const Dashboard = z.object({
  uid: z.string().regex(/^doubleshot-[a-z]+$/),
  title: z.string().min(1),
  schemaVersion: z.int().min(39),
  templating: z.object({ list: z.array(z.object({ name: z.string(), type: z.literal('query'), query: z.object({ query: z.string() }) })) }),
  panels: z.array(Panel).min(1),
});
export type Dashboard = z.infer<typeof Dashboard>;

/** The dashboards of deploy/docker by file name, as they are. */
export function readDashboards(): ReadonlyMap<string, unknown> {
  return new Map(globSync('*.json', { cwd: FOLDER }).map((file) => [basename(file), JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as unknown]));
}

/** A query of a panel as Grafana would send it, over every service. */
export interface PanelQuery {
  /** `<dashboard>: <panel>` */
  panel: string;
  expression: string;
  /** Whether Grafana asks for exemplars, too. */
  exemplars: boolean;
}

export function panelQueries({ title, panels }: Dashboard): PanelQuery[] {
  const send = (expression: string): string => expression.replaceAll('$__rate_interval', '1m').replaceAll('$service', '.+');
  return panels.flatMap((panel) => panel.targets.map(({ expr, exemplar = false }) => ({ panel: `${title}: ${panel.title}`, expression: send(expr), exemplars: exemplar })));
}
