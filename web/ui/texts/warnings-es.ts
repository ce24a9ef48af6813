import type { Texts } from './en.ts';

/** What can be left out or assumed, in Spanish; the English is the service's own. */
export const warnings: Texts['warnings'] = {
  source_truncated: 'El video está cortado: dice ser más largo de lo que hay. Se usó lo que hay.',
  audio_undecodable: 'El sonido usa un formato que este servicio no decodifica; se dejó fuera.',
  audio_silent: 'El sonido que se usó está en silencio.',
  audio_mixed: 'El archivo no dice a dónde van sus canales de sonido; se mezclaron como vienen.',
  tracks_ignored: 'El archivo tiene pistas que no se usaron.',
  hdr_tonemapped: 'El video es HDR; sus colores se convirtieron a SDR.',
  timestamps_ignored: 'Algunas marcas de tiempo del video están lejos de todas las demás; se dejaron fuera.',
  pictures_missing: 'El archivo solo tiene sonido; se muestra con una imagen fija.',
  loudness_limited: 'Los momentos más fuertes se limitaron para llegar al volumen pedido.',
};
