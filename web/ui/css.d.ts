/** Vite makes a file of it, which is fetched with the view that imports it. */
declare module '*.css';
