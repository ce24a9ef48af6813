import assert from 'node:assert/strict';
import { test } from 'node:test';
import { anb, idrl } from '../../test/kit/videos-clip.ts';
import { userFileFlags } from '../ffmpeg/input.ts';
import { clipCommand, type ClipRequest } from './args.ts';

const video = {
  ...{ index: 0, codec: 'h264', width: 1920, height: 1080, rotation: 0, pixel_aspect: 1, fps: 30 },
  ...{ pixel_format: 'yuv420p', color_space: null },
};
const audio = { index: 1, codec: 'aac', channels: 6, sample_rate: 44100, ends_at: 45 };
const media = { container: 'mov,mp4', bytes: 1, starts_at: 0, seconds: 45, video, audio };

const second: ClipRequest = {
  source: '/work/source',
  input: {
    part: { number: 2, start: 20, end: 40 },
    ...{ pictures: 600, first_picture_at: 20, last_picture_at: 39.966667, seek_to: 16.666667 },
  },
  media,
  profile: idrl,
  image: (name) => `/images/${name}`,
  to: '/work/clip.mp4',
  threads: 2,
  mostBytes: 1000,
};

const encoding = [
  ...['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '21', '-profile:v', 'high', '-pix_fmt', 'yuv420p'],
  ...['-threads', '2', '-fps_mode', 'passthrough', '-g', '48', '-flags:v', '+cgop+bitexact'],
  ...['-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709', '-color_range', 'tv'],
];
const container = [
  ...['-map_metadata', '-1', '-map_chapters', '-1', '-sn', '-dn', '-fflags', '+bitexact'],
  ...['-video_track_timescale', '24000', '-movflags', '+faststart', '-fs', '1000', '-f', 'mp4'],
];
const color = 'setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709';
const pictureFlags = [
  ...['-copyts', '-max_error_rate', '0.05', '-filter_complex_threads', '2', '-threads', '2'],
  ...['-noautorotate', ...userFileFlags('mov'), '-reinit_filter:v', '0', '-an', '-sn', '-dn'],
];

test('idrl: the second part of a source with 5.1 sound', () => {
  assert.deepEqual(clipCommand(second), {
    inputs: [
      { address: 'file:/work/source', options: [...pictureFlags, '-ss', '16.666667'] },
      {
        address: 'file:/work/source',
        options: [
          ...[
            '-threads',
            '1',
            '-reinit_filter:a',
            '0',
            ...userFileFlags('mov'),
            '-vn',
            '-sn',
            '-dn',
            '-ss',
            '19.000000',
          ],
        ],
      },
      { address: 'file:/images/bumper.png', options: ['-f', 'png_pipe'] },
    ],
    filters: [
      '[0:0]setpts=PTS-20/TB,fps=24:start_time=0:eof_action=pass,tpad=stop_mode=clone:stop=3,trim=end_frame=480,' +
        'scale=1920:1080:flags=bicubic:in_color_matrix=bt709:out_color_matrix=bt709:out_range=tv,crop=1920:1080,' +
        `setsar=1,format=yuv420p,${color}[body]`,
      '[1:1]asetpts=PTS-20/TB,aresample=48000:async=1:min_hard_comp=0.02:first_pts=0,' +
        'aformat=sample_fmts=fltp:sample_rates=48000:channel_layouts=stereo,' +
        'apad=whole_len=960000,atrim=end_sample=960000[heard]',
      '[2:0]scale=1920:1080:force_original_aspect_ratio=decrease:flags=bicubic:out_color_matrix=bt709:out_range=tv,' +
        `pad=1920:1080:-1:-1:black,setsar=1,format=yuv420p,${color},loop=loop=23:size=1:start=0,` +
        'settb=1/24,setpts=N,fps=24,trim=end_frame=24,split=2[before][after]',
      'anullsrc=r=48000:cl=stereo,aformat=sample_fmts=fltp:sample_rates=48000:channel_layouts=stereo,' +
        'atrim=end_sample=48000,asplit=2[quiet][still]',
      '[before][quiet][body][heard][after][still]concat=n=3:v=1:a=1[pictures][sound]',
    ],
    options: [
      ...['-map', '[pictures]', '-map', '[sound]', ...encoding],
      ...['-c:a', 'aac', '-b:a', '128k', '-ar', '48000', '-ac', '2', '-flags:a', '+bitexact', ...container],
    ],
    output: 'file:/work/clip.mp4',
  });
});

test('anb: a portrait source, padded, silent, with the watermark over the part only', () => {
  const input = {
    part: { number: 1, start: 0, end: 30 },
    ...{ pictures: 900, first_picture_at: 0.021, last_picture_at: 29.98, seek_to: null },
  };
  const portrait = { ...media, starts_at: 1.4, video: { ...video, index: 3, rotation: 90, color_space: 'bt709' } };
  assert.deepEqual(clipCommand({ ...second, input, media: portrait, profile: anb }), {
    inputs: [
      { address: 'file:/work/source', options: pictureFlags },
      { address: 'file:/images/bumper.png', options: ['-f', 'png_pipe'] },
      { address: 'file:/images/watermark.png', options: ['-f', 'png_pipe'] },
    ],
    filters: [
      '[0:3]setpts=PTS-1.4/TB,fps=24:start_time=0:eof_action=pass,tpad=stop_mode=clone:stop=3,trim=end_frame=720,' +
        'scale=720:406:flags=bicubic:out_color_matrix=bt709:out_range=tv,transpose=clock,pad=1280:720:-1:-1:black,' +
        `setsar=1,format=yuv420p,${color}[plain]`,
      '[2:0]scale=154:-1:flags=bicubic:out_color_matrix=bt709:out_range=tv,format=yuva420p[mark]',
      `[plain][mark]overlay=x=main_w-overlay_w-26:y=26:format=yuv420,${color}[body]`,
      '[1:0]scale=1280:720:force_original_aspect_ratio=decrease:flags=bicubic:out_color_matrix=bt709:out_range=tv,' +
        `pad=1280:720:-1:-1:black,setsar=1,format=yuv420p,${color},loop=loop=59:size=1:start=0,` +
        'settb=1/24,setpts=N,fps=24,trim=end_frame=60,split=2[before][after]',
      '[before][body][after]concat=n=3:v=1:a=0[pictures]',
    ],
    options: ['-map', '[pictures]', ...encoding, '-an', ...container],
    output: 'file:/work/clip.mp4',
  });
});

test('a picture is held for as long as it was held, and hardly longer', () => {
  const heldTo = (last_picture_at: number) => {
    const [body = ''] = clipCommand({ ...second, input: { ...second.input, last_picture_at } }).filters;
    return Number(/tpad=stop_mode=clone:stop=(\d+)/.exec(body)?.[1]);
  };
  assert.equal(heldTo(39.966667), 3);
  assert.equal(heldTo(30), 242);
  assert.equal(heldTo(10), 722);
});

test('a part after the end of the sound is silent, and still has a stream of sound', () => {
  const ended = { ...media, audio: { ...audio, ends_at: 19 } };
  const { inputs, filters } = clipCommand({ ...second, media: ended });
  assert.equal(inputs.length, 2);
  assert.match(filters[1] ?? '', /^anullsrc=.*atrim=end_sample=960000\[heard\]$/);
});

test('without a bumper nothing is joined', () => {
  const { filters, options } = clipCommand({ ...second, profile: { ...idrl, bumper: null } });
  assert.deepEqual(filters.length, 2);
  assert.deepEqual(options.slice(0, 4), ['-map', '[body]', '-map', '[heard]']);
});
