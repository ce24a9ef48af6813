import { warning } from '../../../shared/task/warnings.ts';

/** As an ingest writes it down that had to choose. */
export const mediaWithWarnings = {
  warnings: [warning('hdr_tonemapped'), warning('tracks_ignored', 'Two of three.')],
  tracks: [
    { index: 0, kind: 'video', codec: 'hevc', language: null, default: true, chosen: true, why: 'the only one' },
    { index: 1, kind: 'audio', codec: 'aac', language: 'eng', default: true, chosen: false, why: 'it is silent' },
    {
      index: 2,
      kind: 'audio',
      codec: 'ac3',
      language: 'deu',
      default: false,
      chosen: true,
      why: 'the first one with sound in it',
    },
    {
      index: 3,
      kind: 'audio',
      codec: 'ac3',
      language: 'fra',
      default: false,
      chosen: false,
      why: 'another is before it',
    },
  ],
};
