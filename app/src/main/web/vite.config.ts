import { defineConfig, type Plugin } from 'vite';

// Every browser that runs this page reads woff2: KaTeX's older fonts would be three times the rest of the page.
const onlyWoff2: Plugin = {
  name: 'only-woff2',
  enforce: 'pre',
  transform: (code, id) => (id.includes('katex.min.css') ? code.replace(/,url\([^)]+\.(?:woff|ttf)\) format\("[a-z]+"\)/g, '') : null),
};

// The built files are committed, so that a Java build needs no Node: the same sources must give the same bytes everywhere.
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [onlyWoff2],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: '../resources/web',
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    // An inlined asset is a data: URL, and the page's content security policy has no fonts from there.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 400,
  },
  server: { proxy: { '/hadal': 'http://localhost:8090' } },
});
