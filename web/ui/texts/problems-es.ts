import type { Texts } from './en.ts';

/** What can go wrong with a video, in Spanish; the English is the service's own. */
export const problems: Texts['problems'] = {
  source_refused: 'No se puede usar la dirección del video. Da una dirección http o https pública.',
  source_unreachable:
    'No se pudo descargar el video: el servidor no respondió o se cortó. Revisa la dirección e intenta otra vez.',
  source_not_found: 'El servidor dice que no hay ningún video en esta dirección.',
  source_denied: 'El servidor no nos deja descargar este video. Hazlo público o súbelo.',
  source_timeout: 'La descarga tardó demasiado. Intenta otra vez o sube el video.',
  source_too_large: 'El video es más grande de lo que acepta este servicio.',
  source_too_long: 'El video es más largo de lo que acepta este servicio.',
  source_empty: 'El archivo está vacío.',
  source_not_video: 'Esto no es un archivo de video que podamos leer.',
  source_no_picture: 'El archivo no tiene imágenes, solo sonido.',
  source_truncated: 'El video está cortado o dañado: dice ser más largo de lo que hay. Envía el archivo entero.',
  source_unsupported: 'El video usa un formato que este servicio no decodifica.',
  clip_failed: 'No se pudo codificar una parte del video.',
  clip_impossible: 'Una parte del video no se puede hacer con este original.',
  clip_wrong: 'Una parte del video no salió como estaba prevista.',
  step_timeout: 'El trabajo tardó demasiado y se detuvo.',
  worker_lost: 'La máquina que trabajaba en esto se perdió más de una vez.',
  storage_failed: 'No se pudieron guardar o leer los archivos.',
  internal: 'Algo falló de nuestro lado.',
};
