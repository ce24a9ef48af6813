import type { z } from 'zod';
import type { auditLine, fleetView } from '../../admin/schema.ts';

/** What the API answers operators, by the schemas that it answers with. */
export type Fleet = z.output<typeof fleetView>;
export type Worker = Fleet['workers'][number];
export type HeldStep = Worker['steps'][number];
export type AuditLine = z.output<typeof auditLine>;
