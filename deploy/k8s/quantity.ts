const MEBIBYTES: Readonly<Record<string, number>> = { Ki: 1 / 1_024, Mi: 1, Gi: 1_024, Ti: 1_048_576 };

/** `250m` and `1` in thousandths of a core; nothing is 0. Throws for what it cannot read. */
export function cpuMillis(quantity = '0'): number {
  const [, amount, milli] = /^(\d+(?:\.\d+)?)(m?)$/.exec(quantity) ?? [];
  if (amount === undefined) throw new Error(`"${quantity}" is no amount of CPU: write it like 250m or 1`);
  return Number(amount) * (milli === 'm' ? 1 : 1_000);
}

/** `64Mi` and `1Gi` in MiB; nothing is 0. Throws for what it cannot read. */
export function mebibytes(quantity = '0Mi'): number {
  const [, amount, unit = ''] = /^(\d+)(Ki|Mi|Gi|Ti)$/.exec(quantity) ?? [];
  const factor = MEBIBYTES[unit];
  if (amount === undefined || factor === undefined) throw new Error(`"${quantity}" is no amount of memory: write it like 64Mi or 1Gi`);
  return Number(amount) * factor;
}
