import type { Media } from '../../shared/task/media.ts';
import { Problem } from '../../shared/task/problem.ts';
import { SoundChanges } from '../ffmpeg/failure.ts';
import type { RunResult } from '../ffmpeg/run.ts';
import type { Tools } from '../ffmpeg/tools.ts';
import { evenOut } from '../sound/even-out.ts';
import { mostShapes, OtherShape, watchShapes, type Shape } from './shapes.ts';

/** What was learned of a source by trying: shapes of its pictures, and its sound in one form. */
export interface Learned {
  shapes: Shape[];
  evenSound?: string;
  watched: boolean;
}

interface Source {
  source: string;
  media: Media;
  /** Stretch of the source whose sound is needed, in seconds of the source. */
  sound: { from: number; until: number };
  /** For passing files. */
  folder: string;
  tools: Tools;
  signal: AbortSignal;
}

/**
 * Makes something of a source that may change in the middle: pictures another shape, sound other channels. FFmpeg says so
 * when it comes to that; what it made is dropped, and it begins again with what was learned. Hardly any source does, and
 * what does is dropped at its first picture as a rule; so nothing is looked for before.
 */
export async function followChanges(
  { source, media, sound, folder, tools, signal }: Source,
  run: (learned: Learned, onMessage: (line: string) => void) => Promise<RunResult>,
): Promise<RunResult> {
  const watched = mayChangeShape(media);
  const learned: Learned = { shapes: [], watched };
  for (;;) {
    try {
      return await run(learned, watched ? watchShapes(media.video, learned.shapes) : () => undefined);
    } catch (error) {
      if (error instanceof OtherShape && learned.shapes.length < mostShapes) {
        learned.shapes.push(error.shape);
        learned.shapes.sort((one, other) => one.from - other.from);
      } else if (error instanceof SoundChanges && learned.evenSound === undefined) {
        learned.evenSound = await evenOut(source, media, sound, folder, { tools, signal });
      } else if (error instanceof OtherShape) {
        throw new Problem('clip_impossible', `more than ${mostShapes} shapes: ${error.message}`);
      } else throw error;
    }
  }
}

/** An MP4 says all shapes in its header, and has one as a rule; others go on with whatever comes. */
function mayChangeShape({ container, video }: Media): boolean {
  return video.still === undefined && !container.split(',').includes('mov');
}
