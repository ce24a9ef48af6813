import { once } from '../pipeline/sources.ts';

/** Kinds of pictures that ask different things of an encoder, all drawn: nothing is fetched. Filters of FFmpeg. */
const CONTENTS = {
  // Hard edges and even motion under a little grain: a camera on a tripod.
  'bars and grain': 'testsrc2=s=1280x720:r=30,noise=alls=6:allf=t',
  // Fine detail everywhere that grows: a pan over leaves or water.
  detail: 'mandelbrot=s=1280x720:r=30:start_scale=0.4:end_scale=0.02:end_pts=300',
  // Hardly anything moves: a screen, a lecture.
  screen: 'testsrc=s=1280x720:r=30:decimals=1',
  // Soft and slow: sky, walls, fades; where too few bits show as bands.
  gradients: 'gradients=s=1280x720:r=30:n=5:speed=0.02:seed=7,gblur=sigma=4,noise=alls=3:allf=t',
  // All that a search for motion cannot foresee: rain, a crowd, confetti.
  turmoil:
    'life=s=320x180:r=30:mold=20:ratio=0.2:seed=7:life_color=#d0c0a0:death_color=#405060,scale=1280:720,gblur=sigma=2',
};

export interface Content {
  name: string;
  /** Path of the pictures, all but lossless. */
  file: string;
  seconds: number;
}

/** Draws the kinds that are not there yet. */
export function drawContents(seconds: number): Promise<Content[]> {
  return Promise.all(
    Object.entries(CONTENTS).map(async ([name, filter]) => {
      const drawing = ['-f', 'lavfi', '-i', `${filter},format=yuv420p`, '-t', `${seconds}`];
      const options = ['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '4', '-g', '30'];
      return {
        name,
        seconds,
        file: await once(`grid-${name.replaceAll(' ', '-')}-${seconds}.mp4`, [...drawing, ...options]),
      };
    }),
  );
}
