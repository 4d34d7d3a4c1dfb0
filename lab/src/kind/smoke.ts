import { setTimeout as delay } from 'node:timers/promises';
import { startJourney } from '../demo/journey.ts';
import { LabError } from '../errors.ts';
import { ApiRefusal } from '../load/api-refusal.ts';
import { jaegerTraceOfOrder } from '../receivers/jaeger-query.ts';
import { awaitTrace } from '../trace/await-trace.ts';
import type { BrewTrace } from '../trace/waterfall-text.ts';
import { BREWS, ENGINES_NAMESPACE, type BrewInCluster } from './brews.ts';
import { ingressPort, kubectl, requireCluster } from './cluster.ts';
import { mailsTo } from './mailpit.ts';
import { withPortForward } from './port-forward.ts';

const READY_WITHIN_S = 30;
const TOLD_WITHIN_MS = 60_000;
const TRACE_WITHIN_MS = 60_000;
const POLL_MS = 500;
const JAEGER = { namespace: ENGINES_NAMESPACE, service: 'jaeger', port: 16_686 };
const MAILPIT = { namespace: ENGINES_NAMESPACE, service: 'mailpit', port: 8_025 };

/** One order in each brew, through the ingress, until its customer has been told of it in every way; answers the traces, none where tracing is not deployed. */
export async function smoke(print: (text: string) => void): Promise<BrewTrace[]> {
  await requireCluster();
  const port = await ingressPort();
  const orders: { brew: BrewInCluster; orderId: string }[] = [];
  for (const brew of BREWS) orders.push({ brew, orderId: await orderAt(brew, port, print) });
  if (!(await isDeployed('jaeger'))) {
    print('traces: not looked for, as tracing is not deployed: `make kind-deploy LAYERS="+tracing"`');
    return [];
  }
  return withPortForward(JAEGER, async (origin) => {
    const traces: BrewTrace[] = [];
    for (const { brew, orderId } of orders) {
      const spans = await awaitTrace(() => jaegerTraceOfOrder(origin, orderId), { timeoutMs: TRACE_WITHIN_MS });
      if (spans.length === 0) throw new LabError(`${brew.name}: Jaeger has no spans of order ${orderId} after ${TRACE_WITHIN_MS / 1_000} s`);
      print(`${brew.name}: trace ${spans[0]?.traceId ?? ''} with ${spans.length} spans of ${[...new Set(spans.map(({ service }) => service))].sort().join(', ')}`);
      traces.push({ title: brew.name, spans });
    }
    return traces;
  });
}

async function orderAt({ name, host }: BrewInCluster, port: number, print: (text: string) => void): Promise<string> {
  const origin = `http://${host}:${port}`;
  const journey = await startJourney(origin).catch((error: unknown) => { throw unanswered(origin, error); });
  try {
    const { order } = await journey.order('Espresso', { wait: READY_WITHIN_S });
    print(`${name}: order ${order.id} at ${origin} is ${order.status}`);
    await eventually(async () => (await journey.notificationsAbout(order.id)).length > 0, `${name}: a notification about order ${order.id}`);
    print(`${name}: the customer was notified`);
    await withPortForward(MAILPIT, (mailpit) => eventually(async () => (await mailsTo(mailpit, journey.customer.email)) > 0, `${name}: an e-mail to ${journey.customer.email}`));
    print(`${name}: the e-mail to ${journey.customer.email} is in Mailpit`);
    return order.id;
  } finally {
    await journey.close();
  }
}

function unanswered(origin: string, error: unknown): unknown {
  if (error instanceof ApiRefusal && [404, 502, 503].includes(error.status)) return new LabError(`${origin} is not served yet (${error.message}): is it deployed (\`make kind-deploy\`), and does \`kubectl describe ingress --all-namespaces\` say that the controller took it?`);
  if (error instanceof ApiRefusal || error instanceof LabError) return error;
  return new LabError(`${origin} does not answer: ${error instanceof Error ? error.message : String(error)}`);
}

async function isDeployed(name: string): Promise<boolean> {
  return (await kubectl(['get', 'deployment', name, '--namespace', ENGINES_NAMESPACE, '--ignore-not-found', '--output=name'])).trim() !== '';
}

async function eventually(condition: () => Promise<boolean>, what: string): Promise<void> {
  for (const deadline = performance.now() + TOLD_WITHIN_MS; performance.now() < deadline; ) {
    if (await condition()) return;
    await delay(POLL_MS);
  }
  throw new LabError(`did not come within ${TOLD_WITHIN_MS / 1_000} s: ${what}`);
}
