/** Rows of one lane in flight at once, before the relay claims no more of it: a slow queue must not starve the log. */
const IN_FLIGHT_DURABLE = 400;
/** In one process a row is in flight until it is handled, so claims beyond what consumers work on would only be leases to renew. */
const IN_FLIGHT_IN_PROCESS = 64;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;

interface Lane {
  inFlight: number;
  /** Failed sends since the last success. */
  failures: number;
  /** While failing: when one row may try again, by `performance.now()`. */
  probeAtMs: number;
}

/** What the relay knows of each lane: how much is in flight, and whether its destination fails. A failing lane sends one row at a time, with growing pauses. */
export interface RelayLanes {
  sent(lane: string): void;
  /** Answers whether this was the first success after a failure. */
  succeeded(lane: string): boolean;
  /** `lasting`: the destination is at fault, not the row. Answers whether the lane was healthy before. */
  failed(lane: string, lasting: boolean): boolean;
  /** Lanes to leave alone: full or failing. */
  blocked(durable: (lane: string) => boolean): string[];
  /** Failing lanes whose pause is over and that have nothing in flight. */
  toProbe(): string[];
  /** A probe found nothing or began: the next one waits. */
  probed(lane: string): void;
  /** Milliseconds to the next probe, `Infinity` when no lane fails. */
  msToProbe(): number;
}

export function createRelayLanes(): RelayLanes {
  const lanes = new Map<string, Lane>();

  function of(name: string): Lane {
    let lane = lanes.get(name);
    if (lane === undefined) lanes.set(name, (lane = { inFlight: 0, failures: 0, probeAtMs: 0 }));
    return lane;
  }

  const pause = (lane: Lane): void => {
    lane.probeAtMs = performance.now() + Math.min(FIRST_PAUSE_MS * 2 ** (lane.failures - 1), LONGEST_PAUSE_MS);
  };

  return {
    sent: (name) => { of(name).inFlight += 1; },
    succeeded: (name) => {
      const lane = of(name);
      const recovered = lane.failures > 0;
      lane.inFlight -= 1;
      lane.failures = 0;
      return recovered;
    },
    failed: (name, lasting) => {
      const lane = of(name);
      lane.inFlight -= 1;
      if (!lasting) return false;
      lane.failures += 1;
      pause(lane);
      return lane.failures === 1;
    },
    blocked: (durable) =>
      [...lanes]
        .filter(([name, { inFlight, failures }]) => failures > 0 || inFlight >= (durable(name) ? IN_FLIGHT_DURABLE : IN_FLIGHT_IN_PROCESS))
        .map(([name]) => name),
    toProbe: () => [...lanes].filter(([, lane]) => lane.failures > 0 && lane.inFlight === 0 && lane.probeAtMs <= performance.now()).map(([name]) => name),
    probed: (name) => { pause(of(name)); },
    msToProbe: () => {
      const waits = [...lanes.values()].filter(({ failures, inFlight }) => failures > 0 && inFlight === 0).map(({ probeAtMs }) => probeAtMs - performance.now());
      return Math.max(Math.min(Infinity, ...waits), 1);
    },
  };
}
