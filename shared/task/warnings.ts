/**
 * What was left out or assumed in a task that succeeded, in words for its owner. Pure.
 * A warning is no error: what was made is right as far as the source goes.
 */
export const warningCodes = {
  source_truncated: 'The video is cut off: it says that it is longer than what is there. What is there was used.',
  audio_undecodable: 'The sound uses a format that this service does not decode; it was left out.',
  audio_silent: 'The sound that was used is silent.',
  audio_mixed: 'The file does not say where its sound channels belong; they were mixed as they come.',
  tracks_ignored: 'The file has tracks that were not used.',
  hdr_tonemapped: 'The video is HDR; its colors were converted to SDR.',
  timestamps_ignored: 'Some time stamps of the video are far from all others; they were left out.',
  pictures_missing: 'The file has sound only; a still picture is shown with it.',
  loudness_limited: 'The loudest moments were limited to reach the loudness asked for.',
} as const;

export type WarningCode = keyof typeof warningCodes;

export interface Warning {
  code: WarningCode;
  message: string;
}

/** @param more what only this video tells, for example the name of a codec; put behind the message */
export function warning(code: WarningCode, more?: string): Warning {
  return { code, message: more === undefined ? warningCodes[code] : `${warningCodes[code]} ${more}` };
}
