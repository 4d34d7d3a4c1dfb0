import { z } from 'zod';

/** An identifier: a UUID of version 7, so that ids sort by creation time. */
export const Id = z.uuidv7().meta({ id: 'Id', description: 'A UUID of version 7.', example: '019aaf00-0000-7000-8000-000000000001' });

/** An amount of money in integer cents. */
export const Cents = z.int().min(0).max(100_000_000).meta({ description: 'Money in integer cents.' });

/** An instant, RFC 3339 in UTC. */
export const Instant = z.iso.datetime().meta({ description: 'RFC 3339, UTC.' });

/** A person's role. */
export const Role = z.enum(['customer', 'staff']);
export type Role = z.infer<typeof Role>;

/** An e-mail address as stored: trimmed by the client, compared without regard to case. */
export const Email = z.email().max(254);

/** Names people see. Control characters are refused: they end up in mail headers and logs. */
export const DisplayName = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'must not contain control characters')
  .regex(/\S/u, 'must not be blank');

/** `?limit=` and `?cursor=` of every list. The cursor is opaque: send back what `nextCursor` said. */
export const PageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  cursor: z.string().min(1).max(200).optional(),
});
export type PageQuery = z.infer<typeof PageQuery>;

/** The modules of the shop. */
export const MODULE_NAMES = ['gateway', 'auth', 'orders', 'notifications'] as const;
export type ModuleName = (typeof MODULE_NAMES)[number];
