import { BREWS } from './brews.ts';

/** Pages of each layer, as a Service and its port. */
const PAGES: Readonly<Record<string, string>> = { tracing: 'jaeger 16686', metrics: 'grafana 3000', elk: 'kibana 5601' };

/** Where to go once all is up. */
export function describeDeployed(port: number, layers: readonly string[]): string {
  const pages = layers.flatMap((layer) => PAGES[layer] ?? []);
  return [
    ...BREWS.map(({ name, host }) => `${name.padEnd(14)} http://${host}:${port}/api/docs`),
    `Where no resolver knows these hosts: curl --resolve '*:${port}:127.0.0.1' http://${BREWS[0]?.host ?? ''}:${port}/api/v1/menu`,
    ...['mailpit 8025', ...pages].map((page) => `kubectl --namespace doubleshot-engines port-forward service/${page}`),
    'Next: `make kind-smoke`, for one order through each; docs/kubernetes.md says what to look at and what to break.',
  ].join('\n');
}
