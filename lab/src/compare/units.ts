import type { Saturation } from './saturation-schema.ts';

const MEBIBYTE = 1_048_576;

export function formatMs(ms: number): string {
  if (ms >= 1000) return `${(ms / 1000).toFixed(2)} s`;
  return `${ms >= 100 ? ms.toFixed(0) : ms.toFixed(1)} ms`;
}

export function formatMicros(micros: number): string {
  return micros >= 10_000 ? `${(micros / 1000).toFixed(1)} ms` : `${micros.toFixed(0)} µs`;
}

export function formatMebibytes(bytes: number): string {
  return `${(bytes / MEBIBYTE).toFixed(0)} MiB`;
}

export function formatRate(perSecond: number): string {
  return `${perSecond.toFixed(perSecond >= 10 ? 0 : 1)}/s`;
}

/** Prices are small: three digits that tell something. */
export function formatPrice(amount: number, currency: string): string {
  return `${amount.toPrecision(3)} ${currency}`;
}

/** The highest rate that held, and what is not known of it. */
export function formatKnee(saturation: Saturation | undefined): string {
  if (saturation === undefined) return '–';
  const { ratePerSecond, found } = saturation.knee;
  if (ratePerSecond === null) return 'none held';
  return found === 'between' ? formatRate(ratePerSecond) : `${formatRate(ratePerSecond)} or more`;
}
