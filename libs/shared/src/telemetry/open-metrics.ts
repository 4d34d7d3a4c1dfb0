import { Histogram, Registry, type HistogramConfiguration, type Metric, type OpenMetricsContentType } from 'prom-client';

/** The one format that has room for exemplars: https://prometheus.io/docs/specs/om/open_metrics_spec/ */
export const OPEN_METRICS = Registry.OPENMETRICS_CONTENT_TYPE;

/** What a registry holds as OpenMetrics, exemplars included. Other scrapers go on to read `registry.metrics()`, without them. */
export function openMetrics(registry: Registry): Promise<string> {
  const page = new Registry<OpenMetricsContentType>();
  page.setContentType(OPEN_METRICS);
  // prom-client takes `_total` off the names of the counters that it writes so, for good: stand-ins keep it off the metrics themselves.
  for (const metric of registry.getMetricsAsArray()) page.registerMetric(Object.create(metric) as Metric);
  return page.metrics();
}

/** A histogram whose observations may name a span as their example. */
export function histogramWithExemplars<T extends string>(registry: Registry, configuration: Omit<HistogramConfiguration<T>, 'registers' | 'enableExemplars'>): Histogram<T> {
  // prom-client would refuse to register it itself: this registry is read in both formats.
  const histogram = new Histogram({ ...configuration, enableExemplars: true, registers: [] });
  registry.registerMetric(histogram);
  return histogram;
}
