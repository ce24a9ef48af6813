import { computed } from '@preact/signals';
import { language, type Language } from '../settings/language.ts';

/** Every text of the reference but the API's own, which are English. Beside the view, which few look at. */
const en = {
  title: 'API reference',
  intro: 'All routes, as this service describes them.',
  openapi: 'OpenAPI',
  collection: 'Collection for Postman and Bruno',
  filter: 'Filter routes',
  found: (count: number) => (count === 1 ? '1 route' : `${count} routes`),
  none: 'No route has all these words.',
  owner: 'Needs a token',
  all: 'Open to all',
  parameters: 'Parameters',
  body: 'Body',
  answers: 'Answers',
  headers: 'Headers',
  required: 'required',
  in: { path: 'in the path', query: 'in the query', header: 'as header' },
  curl: 'With curl',
  copy: (route: string) => `Copy the command for ${route}`,
  link: 'Link to this route',
  loading: 'Loading',
  again: 'Try again',
};

type Texts = typeof en;

const es: Texts = {
  title: 'Referencia de la API',
  intro: 'Todas las rutas, como este servicio las describe.',
  openapi: 'OpenAPI',
  collection: 'Colección para Postman y Bruno',
  filter: 'Filtrar rutas',
  found: (count) => (count === 1 ? '1 ruta' : `${count} rutas`),
  none: 'Ninguna ruta tiene todas estas palabras.',
  owner: 'Necesita un token',
  all: 'Abierta a todos',
  parameters: 'Parámetros',
  body: 'Cuerpo',
  answers: 'Respuestas',
  headers: 'Cabeceras',
  required: 'obligatorio',
  in: { path: 'en la ruta', query: 'en la consulta', header: 'como cabecera' },
  curl: 'Con curl',
  copy: (route) => `Copiar el comando de ${route}`,
  link: 'Enlace a esta ruta',
  loading: 'Cargando',
  again: 'Intentar otra vez',
};

const all = { en, es } satisfies Record<Language, Texts>;

/** In the language of now. */
export const words = computed<Texts>(() => all[language.value]);
