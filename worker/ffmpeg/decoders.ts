/**
 * Which decoders a file from a user may use, by FFmpeg's name, which is not always the format's: MP3 is decoded by
 * `mp3float`, AV1 by `libdav1d` or `libaom-av1` as the build has it. Each is here for what it is found in. What is rare,
 * or of games, is not: every decoder is code that reads what a stranger wrote. Pure.
 */
export const videoDecoders = [
  // Phones, cameras, screen and browser recorders, the web.
  ...['h264', 'hevc', 'vp8', 'vp9', 'libvpx', 'libvpx-vp9', 'av1', 'libdav1d', 'libaom-av1'],
  // Television, DVDs, video CDs, camcorders.
  ...['mpeg1video', 'mpeg2video', 'dvvideo'],
  // Files of the years before H.264, cameras that write AVI, 3GP of old phones.
  ...['mpeg4', 'msmpeg4', 'msmpeg4v2', 'h263', 'flv', 'theora', 'wmv1', 'wmv2', 'wmv3', 'vc1', 'mjpeg'],
  // Editors' files.
  ...['prores', 'dnxhd', 'cfhd', 'qtrle'],
  // Moving pictures of messengers, and pictures with sound.
  ...['gif', 'png', 'bmp', 'webp'],
];

export const audioDecoders = [
  // Phones, the web, music.
  ...[
    'aac',
    'aac_latm',
    'mp3',
    'mp3float',
    'mp2',
    'mp2float',
    'mp1',
    'mp1float',
    'opus',
    'libopus',
    'vorbis',
    'flac',
    'alac',
  ],
  // Television, DVDs, Blu-ray, camcorders of that family.
  ...['ac3', 'eac3', 'dca', 'truehd', 'pcm_bluray', 'pcm_dvd'],
  // Windows Media, phones' dictation, Flash recorders.
  ...[
    'wmav1',
    'wmav2',
    'wmapro',
    'amrnb',
    'libopencore_amrnb',
    'amrwb',
    'libopencore_amrwb',
    'nellymoser',
    'speex',
    'libspeex',
  ],
  // Plain samples, of which cameras and editors have every kind.
  ...['pcm_u8', 'pcm_s8', 'pcm_s16le', 'pcm_s16be', 'pcm_s24le', 'pcm_s24be', 'pcm_s32le', 'pcm_s32be'],
  ...['pcm_f32le', 'pcm_f32be', 'pcm_f64le', 'pcm_f64be', 'pcm_mulaw', 'pcm_alaw'],
  // Old cameras, AVI and QuickTime: a few lines of arithmetic each.
  ...['adpcm_ms', 'adpcm_ima_wav', 'adpcm_ima_qt', 'adpcm_swf', 'adpcm_yamaha'],
];

/** Decoders of streams that no clip uses but that ffprobe opens all the same: subtitles. */
export const unusedDecoders = [
  ...['mov_text', 'subrip', 'srt', 'ass', 'ssa', 'webvtt', 'text', 'dvdsub', 'dvbsub', 'pgssub', 'cc_dec'],
];
