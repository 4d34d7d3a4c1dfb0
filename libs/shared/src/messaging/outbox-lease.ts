/** How long a claim on an outbox row holds, by the database's clock; renewed while the row is in flight. A dead relay's rows move on after it. Part of a migration. */
export const LEASE_SECONDS = 5;
