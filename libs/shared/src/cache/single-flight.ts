/** Calls for one key that come while its work runs share that work, and its rejection. */
export function createSingleFlight<T>(): (key: string, work: () => Promise<T>) => Promise<T> {
  const flights = new Map<string, Promise<T>>();
  return (key, work) => {
    const running = flights.get(key);
    if (running !== undefined) return running;
    const flight = Promise.resolve().then(work).finally(() => { flights.delete(key); });
    flights.set(key, flight);
    return flight;
  };
}
