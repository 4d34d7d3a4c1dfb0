import type { BrewConditions } from './brew-conditions.ts';
import type { Brew } from './method/measure-window.ts';
import { prepareBrew } from './method/prepare-brew.ts';
import { openBrews, type BackendsKind, type BrewRequest, type OpenBrew } from './open-brews.ts';
import type { PlanProgress } from './plan.ts';
import type { Undo } from '../topology/undo.ts';

/** A brew that runs, with what its requests need. */
export type ReadyBrew = OpenBrew & Brew;

export interface ReadyBrews {
  brews: ReadyBrew[];
  stop(): Promise<void>;
}

export interface ReadyOptions {
  backends: BackendsKind;
  customers: number;
  plan: PlanProgress;
  undo: Undo;
  /** Called when brews have said what they run with; what it throws ends the comparison. */
  onAsked: (brews: readonly BrewConditions[]) => void;
}

/** Starts brews and registers their customers. Whoever calls takes back what was started. */
export async function openReadyBrews(requests: readonly BrewRequest[], { backends, customers, plan, undo, onAsked }: ReadyOptions): Promise<ReadyBrews> {
  const open = await openBrews(requests, backends, (message) => { plan.tell(message); });
  undo.add(open.stop);
  onAsked(await Promise.all(open.brews.map((brew) => brew.conditions())));
  plan.begin('preparing');
  plan.tell('registering customers, and warming up');
  const brews = await Promise.all(
    open.brews.map(async (brew) => {
      const prepared = await prepareBrew(brew.shop.baseUrl, customers);
      undo.add(prepared.close);
      return { ...brew, prepared };
    }),
  );
  return { brews, stop: open.stop };
}
