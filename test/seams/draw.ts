import { made } from '../kit/videos.ts';

/** A source whose pictures say their number and whose sound never pauses. */
export interface SeamRecipe {
  seconds: number;
  /** Pictures a second, as FFmpeg reads it; those of `vfr` come at 30 a second and many are left out. */
  rate: string;
  /** Makes the pictures hard to encode, so that every choice of the encoder shows. */
  noisy?: boolean;
  width?: number;
  height?: number;
}

/** The tone, in hertz. */
export const tone = 997;

/** Moving bars that are the picture's number in binary, and a tone. @returns path of the file */
export function drawSeams({ seconds, rate, noisy = false, width = 320, height = 180 }: SeamRecipe): Promise<string> {
  const isVariable = rate === 'vfr';
  const drawn = isVariable ? '30' : rate;
  const bars = `color=black:s=16x9:r=${drawn}:d=${seconds},geq=lum='if(mod(floor(N/pow(2,X)),2),235,16)':cb=128:cr=128`;
  // Every seventh picture, and now and then half a second of them.
  const dropped = isVariable ? `,select='not(eq(mod(n,7),3)+between(mod(n,211),100,115))'` : '';
  return made('mp4', [
    ...['-f', 'lavfi', '-i', bars, '-f', 'lavfi', '-i', `sine=f=${tone}:r=48000:d=${seconds}`],
    ...[
      '-vf',
      `scale=${width}:${height}:flags=neighbor,setsar=1${noisy ? ',noise=alls=25:allf=t' : ''}${dropped}`,
      '-fps_mode',
      'vfr',
    ],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '2', '-g', '120', '-pix_fmt', 'yuv420p'],
    ...['-c:a', 'aac', '-b:a', '128k'],
  ]);
}
