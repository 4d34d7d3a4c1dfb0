import { programNameOf } from '../../topology/programs.ts';
import type { OpenBrew } from '../open-brews.ts';
import type { CodeBytes } from '../report-schema.ts';
import type { Changes } from '../section-schemas.ts';
import { figureOf } from '../statistics.ts';

/** A brew, as far as a change in one of its modules goes. */
export interface ChangedBrew extends Pick<OpenBrew, 'shop' | 'groups'> {
  /** By process. */
  codeBytes: Readonly<Record<string, CodeBytes>>;
}

/** Every time that was taken so far, in milliseconds. */
export interface ChangeTimes {
  /** By program: brews that run the same one share what its build took. */
  build: Readonly<Record<string, readonly number[]>>;
  /** By module. */
  test: Readonly<Record<string, readonly number[]>>;
  /** By brew, then by process. */
  restart: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>;
}

/** What a change in each module sets going in each brew: that of the one process that holds it. Rows of which nothing was timed are left out. */
export function changesOf(brews: readonly ChangedBrew[], { build, test, restart }: ChangeTimes): Changes['rows'] {
  const rows = brews.flatMap(({ shop, groups, codeBytes }) =>
    groups.flatMap((group) =>
      group.modules.map((module) => ({
        topology: shop.name,
        module,
        buildMs: figureOf(build[programNameOf(group)] ?? []),
        testMs: figureOf(test[module] ?? []),
        restartMs: figureOf(restart[shop.name]?.[group.name] ?? []),
        processes: [group.name],
        ...shipped(codeBytes[group.name]),
      })),
    ),
  );
  const timed = rows.filter(({ buildMs, testMs, restartMs }) => buildMs.n + testMs.n + restartMs.n > 0);
  return [...Map.groupBy(timed, ({ module }) => module).values()].flat();
}

function shipped(code: CodeBytes | undefined): Pick<Changes['rows'][number], 'shippedBytes'> {
  return code === undefined ? {} : { shippedBytes: code.total };
}
