// Makes testdata/golden anew: for each vector the weights from its seed (hadal synth), then what
// llama.cpp thinks of its text at its positions.
//
//   npm ci --ignore-scripts && node golden.mjs [NAME...]

import {execFileSync} from "node:child_process";
import {mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import path from "node:path";

const project = path.resolve(import.meta.dirname, "../..");
const folder = path.join(project, "testdata/golden");
const wanted = process.argv.slice(2);
const work = mkdtempSync(path.join(tmpdir(), "hadal-golden-"));

for (const file of readdirSync(folder).filter(f => f.endsWith(".json")).sort()) {
    const name = file.replace(".json", "");
    if (wanted.length > 0 && !wanted.includes(name)) {
        continue;
    }
    const vector = JSON.parse(readFileSync(path.join(folder, file), "utf8"));
    const inWork = (suffix, value) => {
        const target = path.join(work, `${name}${suffix}`);
        if (value !== undefined) {
            writeFileSync(target, JSON.stringify(value));
        }
        return target;
    };
    const model = inWork(".gguf");
    execFileSync(path.join(project, "hadal"),
        ["synth", inWork(".config.json", vector.config), "--seed", String(vector.seed), "--type", "f32", model],
        {stdio: ["ignore", "ignore", "inherit"]});
    const positions = Object.keys(vector.next_token_probabilities).map(Number);
    const answer = JSON.parse(execFileSync(process.execPath,
        [path.join(import.meta.dirname, "llama.mjs"), "probabilities", model,
            inWork(".tokens.json", vector.tokens), inWork(".positions.json", positions)],
        {stdio: ["ignore", "pipe", "inherit"]}));
    vector.next_token_probabilities = Object.fromEntries(positions.map(p =>
        [p, answer[p].map(x => Number(x.toPrecision(6)))]));
    writeFileSync(path.join(folder, file), format(vector));
    console.log(name);
}
rmSync(work, {recursive: true});

/** One line a key and a line a position, so that a change can be seen. */
function format({seed, config, tokens, next_token_probabilities: rows}) {
    const lines = Object.entries(rows).map(([p, row]) => `    "${p}": ${JSON.stringify(row)}`);
    return `{
  "seed": ${seed},
  "config": ${JSON.stringify(config)},
  "tokens": ${JSON.stringify(tokens)},
  "next_token_probabilities": {
${lines.join(",\n")}
  }
}
`;
}
