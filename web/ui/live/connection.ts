import { signal } from '@preact/signals';

export type Connection = 'live' | 'polling' | 'offline' | 'connecting';

/** How the view of now learns of changes. */
export const connection = signal<Connection>('connecting');
