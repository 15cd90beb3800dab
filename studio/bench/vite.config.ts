import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  base: './',
  worker: { format: 'es' },
  build: { emptyOutDir: true, target: 'es2022', rollupOptions: { input: ['bench/bare.html', 'bench/studio.html'] } },
});
