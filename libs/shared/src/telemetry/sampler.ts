import { TraceFlags } from '@opentelemetry/api';
import { AlwaysOffSampler, AlwaysOnSampler, ParentBasedSampler, SamplingDecision, TraceIdRatioBasedSampler, type Sampler } from '@opentelemetry/sdk-trace';
import type { TelemetrySettings } from './telemetry-settings.ts';

/**
 * The sampler that OTEL_TRACES_SAMPLER names, where it does as the parent of a span says: with ours a trace that links to another is recorded if that is,
 * so that of an order all traces are or none. `undefined` for other samplers, which the SDK makes.
 */
export function createSampler(settings: Pick<TelemetrySettings, 'OTEL_TRACES_SAMPLER' | 'OTEL_TRACES_SAMPLER_ARG'>): Sampler | undefined {
  const root = rootSampler(settings);
  return root && new ParentBasedSampler({ root: followLinks(root) });
}

function rootSampler({ OTEL_TRACES_SAMPLER: name, OTEL_TRACES_SAMPLER_ARG: ratio }: Parameters<typeof createSampler>[0]): Sampler | undefined {
  if (name === 'parentbased_always_on') return new AlwaysOnSampler();
  if (name === 'parentbased_always_off') return new AlwaysOffSampler();
  return name === 'parentbased_traceidratio' ? new TraceIdRatioBasedSampler(ratioOf(ratio)) : undefined;
}

/** As the SDK takes it: what is no share stands for all. */
function ratioOf(text = ''): number {
  const ratio = text.trim() === '' ? 1 : Number(text);
  return ratio >= 0 && ratio <= 1 ? ratio : 1;
}

function followLinks(root: Sampler): Sampler {
  return {
    shouldSample: (...asked) => {
      const [, , , , , links] = asked;
      if (links.length === 0) return root.shouldSample(...asked);
      const isSampled = links.some((link) => (link.context.traceFlags & TraceFlags.SAMPLED) !== 0);
      return { decision: isSampled ? SamplingDecision.RECORD_AND_SAMPLED : SamplingDecision.NOT_RECORD };
    },
    toString: () => `FollowLinks{${root.toString()}}`,
  };
}
