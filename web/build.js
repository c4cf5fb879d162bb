// Writes the editor in one file, and beside it the licences of what is in it: node build.js FOLDER

import { build } from "esbuild"
import { readFileSync, readdirSync, writeFileSync } from "node:fs"

const folder = process.argv[2]
const { metafile } = await build({
  entryPoints: ["editor.js"],
  outfile: `${folder}/editor.js`,
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  legalComments: "none",
  metafile: true,
})
const names = Object.keys(metafile.inputs).map(path => path.match(/^node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1])
const licences = [...new Set(names.filter(Boolean))].sort().map(name => {
  const { version } = JSON.parse(readFileSync(`node_modules/${name}/package.json`))
  const file = readdirSync(`node_modules/${name}`).find(one => /^licen[cs]e/i.test(one))
  return `${name} ${version}\n\n${readFileSync(`node_modules/${name}/${file}`, "utf8").trim()}\n`
})
writeFileSync(`${folder}/editor.licences.txt`, licences.join(`\n${"-".repeat(72)}\n\n`))
