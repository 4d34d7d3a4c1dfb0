import { Router } from 'express';
import type { Registry } from 'prom-client';
import { z } from 'zod';
import { ProblemError } from '../errors/problem-error.ts';
import { BODY_LIMIT_BYTES, readJsonBody } from '../http/json-body.ts';
import { LONGEST_LOG_LEVEL_SECONDS, type LogLevelControl } from '../logging/log-level-control.ts';
import { LOG_LEVELS } from '../logging/log-level.ts';
import { OPEN_METRICS, openMetrics } from '../telemetry/open-metrics.ts';
import { describeParked, type ParkedSource } from './parked-messages.ts';
import type { Readiness } from './readiness.ts';

const PARKED_SHOWN = 100;

const LogLevelChange = z.strictObject({ level: z.enum(LOG_LEVELS), forSeconds: z.int().min(1).max(LONGEST_LOG_LEVEL_SECONDS).optional() });

export interface OpsRouterOptions {
  readiness: Readiness;
  metrics: Registry;
  logLevel: LogLevelControl;
  /** Asked at each request: the backends open after the listener. */
  parkedSources: () => readonly ParkedSource[];
}

/** `/livez`, `/readyz`, `/metrics`, `GET|PUT /log-level`, `GET /parked` and `POST /parked/{source}/replay`. Never to be reached from outside. */
export function createOpsRouter({ readiness, metrics, logLevel, parkedSources }: OpsRouterOptions): Router {
  const router = Router();
  router.get('/livez', (_request, response) => void response.json({ status: 'live' }));
  router.get('/readyz', async (_request, response) => {
    const faults = await readiness.faults();
    if (Object.keys(faults).length > 0) throw new ProblemError('unavailable', describeFaults(faults));
    response.json({ status: 'ready' });
  });
  router.get('/metrics', async (request, response) => {
    // Prometheus asks for it with parameters that differ by its version; who takes it at all prefers it.
    if (request.get('accept')?.includes('application/openmetrics-text') === true) response.type(OPEN_METRICS).send(await openMetrics(metrics));
    else response.type(metrics.contentType).send(await metrics.metrics());
  });
  router.get('/log-level', (_request, response) => void response.json(logLevel.state()));
  router.put('/log-level', async (request, response) => {
    const change = LogLevelChange.safeParse(await readJsonBody(request, BODY_LIMIT_BYTES));
    if (!change.success) throw new ProblemError('validation_failed', `The body must be {"level": one of ${LOG_LEVELS.join(', ')}}, and may have "forSeconds": 1 to ${LONGEST_LOG_LEVEL_SECONDS}.`);
    logLevel.set(change.data.level, change.data.forSeconds);
    response.json(logLevel.state());
  });
  addParkedRoutes(router, parkedSources);
  return router;
}

function addParkedRoutes(router: Router, parkedSources: () => readonly ParkedSource[]): void {
  router.get('/parked', async (_request, response) => {
    const messages = await Promise.all(parkedSources().map((source) => source.parked(PARKED_SHOWN)));
    response.json({ items: messages.flat().map(describeParked) });
  });
  router.post('/parked/:source/replay', async (request, response) => {
    const source = parkedSources().find(({ name }) => name === request.params.source);
    if (source === undefined) throw new ProblemError('route_not_found', 'There is no such topic, queue or outbox here.');
    response.json({ replayed: await source.replay() });
  });
}

function describeFaults(faults: Readonly<Record<string, string>>): string {
  return Object.entries(faults).map(([name, fault]) => `${name}: ${fault}`).join('; ');
}
