import { made } from '../../test/kit/videos.ts';

/** A video of a kind: what is drawn, how it moves, how it is stored. */
export interface Kind {
  name: string;
  drawn: string;
  seconds: number;
  encoder: string[];
  container: string;
  sound: boolean;
  /** What it is held against. */
  profile: 'idrl' | 'whole' | 'hls';
}

const h264 = ['-c:v', 'libx264', '-preset', 'veryfast'];
const h265 = ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=none', '-tag:v', 'hvc1'];
const vp9 = ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', '-b:v', '3M'];
const av1 = ['-c:v', 'libsvtav1', '-preset', '12'];
const mpeg4 = ['-c:v', 'mpeg4', '-q:v', '4'];

function kind(name: string, drawn: string, seconds: number, encoder = h264, container = 'mp4', sound = true): Kind {
  return { name, drawn, seconds, encoder, container, sound, profile: 'idrl' };
}

function joined(profile: 'whole' | 'hls', of: Kind): Kind {
  return { ...of, profile };
}

/** From these the costs are measured. */
export const measured: Kind[] = [
  kind('360p 30, pattern', 'testsrc2=s=640x360:r=30', 40),
  kind('720p 25, zoom', 'mandelbrot=s=1280x720:r=25', 12),
  kind('1080p 24, pattern', 'testsrc2=s=1920x1080:r=24', 12),
  kind('1080p 60, grain', 'testsrc2=s=1920x1080:r=60,noise=alls=8:allf=t', 8),
  kind('2160p 30, pattern', 'testsrc2=s=3840x2160:r=30', 5, ['-c:v', 'libx264', '-preset', 'ultrafast']),
  kind('720p 30 HEVC, grain', 'testsrc2=s=1280x720:r=30,noise=alls=4:allf=t', 10, h265),
  kind('upright 1080p 30', 'testsrc2=s=1080x1920:r=30', 10),
  kind('240p 15, still', 'smptebars=s=320x240:r=15', 90),
  kind('720p VP9, cells', 'cellauto=s=640x360:r=30:rule=110,scale=1280:720', 12, vp9, 'mkv'),
  kind('480p MPEG-4, life', 'life=s=427x240:r=25:mold=10,scale=854:480:flags=neighbor', 25, mpeg4, 'avi'),
  kind('1080p AV1, colors', 'gradients=s=1920x1080:r=30:speed=0.05', 12, av1, 'mkv', false),
];

/** These tell whether they hold for others. */
export const unseen: Kind[] = [
  joined('hls', kind('576p 25 as a stream, zoom', 'mandelbrot=s=1024x576:r=25', 24)),
  joined('whole', kind('540p 30 as a whole, pattern', 'testsrc2=s=960x540:r=30', 24)),
  kind('576p 25, zoom', 'mandelbrot=s=1024x576:r=25', 30),
  kind('720p 60, pattern', 'testsrc2=s=1280x720:r=60', 20),
  kind('1080p 30, grain', 'smptehdbars=s=1920x1080:r=30,noise=alls=5:allf=t', 12),
  kind('720p 25 HEVC, zoom', 'mandelbrot=s=1280x720:r=25', 10, h265),
  kind('1440p 24, pattern', 'testsrc2=s=2560x1440:r=24', 10),
  kind('upright 720p 30', 'testsrc2=s=720x1280:r=30,noise=alls=3:allf=t', 24),
  kind('480p 12, colors', 'gradients=s=854x480:r=12:speed=0.02', 60),
  kind('540p VP9, pattern', 'testsrc2=s=960x540:r=30', 21, vp9, 'mkv'),
  kind('600p MPEG-4, zoom', 'mandelbrot=s=800x600:r=30', 18, mpeg4, 'avi', false),
  kind('720p AV1, pattern', 'testsrc2=s=1280x720:r=24', 20, av1, 'mkv'),
  joined('hls', kind('1080p 24 as a stream, pattern', 'testsrc2=s=1920x1080:r=24', 12)),
  joined('hls', kind('180p 1 as a stream, slides', 'testsrc2=s=320x180:r=1', 600)),
];

export function draw({ drawn, seconds, encoder, container, sound }: Kind): Promise<string> {
  const tone = ['-f', 'lavfi', '-i', 'sine=frequency=440', '-c:a', 'aac'];
  const heard = sound ? tone : [];
  const [input, codec] = [heard.slice(0, 4), heard.slice(4)];
  return made(container, [
    ...['-f', 'lavfi', '-i', drawn, ...input, '-t', `${seconds}`],
    ...['-pix_fmt', 'yuv420p', ...encoder, ...codec],
  ]);
}
