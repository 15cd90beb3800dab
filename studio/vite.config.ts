import { defineConfig } from 'vite';

// `npm run dev` serves the page with hot reload and passes everything else on to a running `pinpoint3d studio`.
const server = process.env.PINPOINT3D_SERVER ?? 'http://127.0.0.1:8017';

export default defineConfig({
  base: './',
  build: {
    outDir: '../src/pinpoint3d/server/static',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    license: { fileName: 'licences.md' },
    chunkSizeWarningLimit: 1000,
  },
  worker: { format: 'es' },
  server: { proxy: { '/api': { target: server, ws: true } } },
});
