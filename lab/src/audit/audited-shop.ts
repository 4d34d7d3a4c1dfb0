import type { DeliveredMails } from './observe-mail.ts';
import type { Killable } from './kills.ts';
import type { OpsTarget } from './pipes.ts';

/** A running shop, as far as an audit needs it. */
export interface AuditedShop {
  baseUrl: string;
  staff: { email: string; password: string };
  processes: readonly (OpsTarget & Killable & { ready(): Promise<void> })[];
  mail: DeliveredMails;
}
