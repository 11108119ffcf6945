// Bundles the front end into built/. Run by build.py, which decides whether there is anything to do.
// File names carry no hash: WhiteNoise's manifest adds it, so templates say {% static "console.css" %}.
import { cp, mkdir, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import * as sass from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2];

const scss = {
  name: "scss",
  setup(build) {
    build.onLoad({ filter: /\.scss$/ }, (args) => {
      const result = sass.compile(args.path, {
        loadPaths: [`${here}/node_modules`],
        quietDeps: true,
        // Bootstrap 5.3 is still written with @import; its own deprecations are not ours to mend.
        silenceDeprecations: ["import", "global-builtin", "color-functions", "if-function"],
      });
      return { contents: result.css, loader: "css", resolveDir: dirname(args.path) };
    });
  },
};

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
await esbuild.build({
  absWorkingDir: here,
  entryPoints: {
    console: "js/console.js",
    portal: "js/portal.js",
    map: "js/map.js",
    passkey: "js/passkey.js",
    "console-style": "scss/console.scss",
    "portal-style": "scss/portal.scss",
    "map-style": "scss/map.scss",
  },
  outdir: out,
  bundle: true,
  minify: true,
  format: "esm",
  target: ["chrome90", "firefox90", "safari14.1"],
  charset: "utf8",
  legalComments: "linked",
  loader: { ".woff2": "file", ".png": "file" },
  assetNames: "[name]",
  plugins: [scss],
  logLevel: "warning",
});
for (const file of ["icons.svg", "icon.svg"]) await cp(`${here}/${file}`, `${out}/${file}`);
