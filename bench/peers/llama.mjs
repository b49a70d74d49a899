// llama.cpp as the reference: what it thinks of a text, and how fast it is.
//
// It drives the prebuilt binaries of npm's node-llama-cpp through their addon, not through that
// package's own layers: a batch of tokens goes in, logits come out, nothing in between.
//
//   node llama.mjs probabilities MODEL.gguf TOKENS.json POSITIONS.json [-t 2]
//   node llama.mjs bench MODEL.gguf [-p 512] [-n 128] [-d 0] [-b 1] [-t 2] [-r 3]
//   node llama.mjs first MODEL.gguf [-p 16] [-c 512] [-t 2]   seconds from opening the file to a token
//   node llama.mjs serve                 one JSON request a line, one JSON answer a line
//
// TOKENS.json and POSITIONS.json are JSON arrays. Keys and values are kept in F16, llama.cpp's default.

import {createRequire} from "node:module";
import {createInterface} from "node:readline";
import {readFileSync, realpathSync} from "node:fs";
import path from "node:path";

const require = createRequire(import.meta.url);

/** The addon for this machine, with the CPU back end that fits it loaded. */
async function open() {
    const platform = `@node-llama-cpp/${process.platform}-${process.arch}`;
    const root = process.env.HADAL_PEERS ?? import.meta.dirname;
    const folder = path.join(root, "node_modules", platform, "bins", `${process.platform}-${process.arch}`);
    const addon = require(path.join(folder, "llama-addon.node"));
    addon.setLogger((level, message) => level <= 2 && process.stderr.write(message));
    addon.setLoggerLogLevel(2);
    addon.loadBackends();
    addon.loadBackends(folder);
    await addon.init();
    return addon;
}

async function load(addon, file) {
    const model = new addon.AddonModel(file, {useMmap: true, gpuLayers: 0});
    if (!await model.init()) {
        throw new Error(`${file}: llama.cpp does not load it`);
    }
    return model;
}

async function context(addon, model, {size, batch, sequences = 1, threads}) {
    const made = new addon.AddonContext(model, {
        contextSize: size * sequences, batchSize: batch, sequences, threads, flashAttention: "auto"
    });
    if (!await made.init()) {
        throw new Error(`no context of ${size} tokens`);
    }
    made.setThreads(threads);
    return made;
}

/** {position: [probability of each token]} after the given positions of a text. */
async function probabilities(addon, {model: file, tokens, positions, threads = 2}) {
    const model = await load(addon, file);
    const ctx = await context(addon, model, {
        size: Math.max(256, tokens.length + 8), batch: Math.max(64, tokens.length), threads
    });
    const sampler = new addon.AddonSampler(model);
    sampler.applyConfig({temperature: 1, minP: 0, topK: 0, topP: 1, seed: 1});
    ctx.initBatch(tokens.length);
    const sorted = [...positions].sort((a, b) => a - b);
    const rows = ctx.addToBatch(0, 0, Uint32Array.from(tokens), Uint32Array.from(sorted));
    await ctx.decodeBatch();
    const result = {};
    for (let i = 0; i < sorted.length; i++) {
        const [, , , logits] = await ctx.sampleToken(rows[i], sampler, false, false, true);
        result[sorted[i]] = softmax(logits);
    }
    sampler.dispose();
    await ctx.dispose();
    await model.dispose();
    return result;
}

/** From the addon's flat list of token, logit, token, logit ... in any order. */
function softmax(pairs) {
    const logits = new Float64Array(pairs.length / 2);
    for (let i = 0; i < pairs.length; i += 2) {
        logits[pairs[i]] = pairs[i + 1];
    }
    const max = logits.reduce((a, b) => Math.max(a, b), -Infinity);
    const weights = logits.map(logit => Math.exp(logit - max));
    const sum = weights.reduce((a, b) => a + b, 0);
    return Array.from(weights, w => w / sum);
}

/** Tokens a second of prefill (-p) and decode (-n), each after a context of -d tokens; -r times. */
async function bench(addon, {model: file, p = 512, n = 128, d = 0, b = 1, t = 2, r = 3}) {
    const bench = await Bench.open(addon, {model: file, size: d + Math.max(p, n) + 8, streams: b, threads: t});
    const result = {model: path.basename(file), threads: t, depth: d, streams: b};
    await bench.fill(d);
    if (p > 0) {
        await bench.prefill(d, Math.min(p, 64));
        result.prefill = await repeat(r, async () => p / await bench.prefill(d, p));
    }
    if (n > 0) {
        await bench.decode(d, 4);
        result.decode = await repeat(r, async () => b * n / await bench.decode(d, n));
    }
    result.memory = memory(file);
    await bench.close();
    return result;
}

async function repeat(times, measure) {
    const rates = [];
    for (let i = 0; i < times; i++) {
        rates.push(await measure());
    }
    return rates;
}

/** A model with a context, measured a piece at a time; every piece begins at a given depth. */
class Bench {
    static BATCH = 512;

    static async open(addon, {model: file, size, streams = 1, threads}) {
        const bench = new Bench();
        const start = performance.now();
        bench.streams = streams;
        bench.model = await load(addon, file);
        bench.ctx = await context(addon, bench.model, {size, batch: Bench.BATCH, sequences: streams, threads});
        bench.openSeconds = (performance.now() - start) / 1e3;
        return bench;
    }

    /** Puts the context of every stream there, not timed. */
    async fill(depth) {
        for (let stream = 0; stream < this.streams; stream++) {
            await this.#pass(stream, 0, depth);
        }
    }

    /** Seconds that one stream's next tokens take, many at a time. */
    async prefill(depth, tokens) {
        this.ctx.removeTokenCellsFromSequence(0, depth, -1);
        const start = performance.now();
        await this.#pass(0, depth, tokens);
        return (performance.now() - start) / 1e3;
    }

    /** Seconds that every stream's next tokens take, one at a time. */
    async decode(depth, tokens) {
        for (let stream = 0; stream < this.streams; stream++) {
            this.ctx.removeTokenCellsFromSequence(stream, depth, -1);
        }
        const start = performance.now();
        for (let i = 0; i < tokens; i++) {
            this.ctx.initBatch(this.streams);
            for (let stream = 0; stream < this.streams; stream++) {
                this.ctx.addToBatch(stream, depth + i, Bench.text(1, i), Uint32Array.of(0));
            }
            await this.ctx.decodeBatch();
        }
        return (performance.now() - start) / 1e3;
    }

    async close() {
        await this.ctx.dispose();
        await this.model.dispose();
    }

    async #pass(stream, from, tokens) {
        for (let at = 0; at < tokens; at += Bench.BATCH) {
            const count = Math.min(Bench.BATCH, tokens - at);
            const last = at + count === tokens;
            this.ctx.initBatch(count);
            this.ctx.addToBatch(stream, from + at, Bench.text(count, at), last ? Uint32Array.of(count - 1) : new Uint32Array(0));
            await this.ctx.decodeBatch();
        }
    }

    /** Any tokens do; these are bytes of the synthetic vocabulary. */
    static text(count, seed) {
        return Uint32Array.from({length: count}, (_, i) => 3 + (seed + i) * 101 % 256);
    }
}

/** Seconds from opening a file to the first token after a prompt. */
async function first(addon, {model: file, p = 16, c = 512, t = 2}) {
    const start = performance.now();
    const model = await load(addon, file);
    const ctx = await context(addon, model, {size: c, batch: Math.min(c, Bench.BATCH), threads: t});
    const sampler = new addon.AddonSampler(model);
    sampler.applyConfig({temperature: 0});
    ctx.initBatch(p);
    const [row] = ctx.addToBatch(0, 0, Bench.text(p, 0), Uint32Array.of(p - 1));
    await ctx.decodeBatch();
    const token = await ctx.sampleToken(row, sampler);
    return {seconds: (performance.now() - start) / 1e3, token};
}

/** Bytes this process has in memory that are not mapped from the model's file. */
function memory(file) {
    if (process.platform !== "linux") {
        return {};
    }
    const model = realpathSync(file);
    let beside = true;
    let bytes = 0;
    for (const line of readFileSync("/proc/self/smaps", "utf8").split("\n")) {
        if (/^[0-9a-f]+-[0-9a-f]+ /.test(line)) {
            beside = !line.endsWith(model);
        } else if (beside && line.startsWith("Rss:")) {
            bytes += 1024 * Number(line.match(/\d+/)[0]);
        }
    }
    return {beyondWeights: bytes};
}

/** Answers requests of a program that measures two engines turn by turn: one JSON a line. */
async function serve(addon) {
    let open = null;
    for await (const line of createInterface({input: process.stdin})) {
        const request = JSON.parse(line);
        let answer = {};
        switch (request.do) {
            case "probabilities": answer = await probabilities(addon, request); break;
            case "open":
                open = await Bench.open(addon, request);
                open.file = request.model;
                answer = {seconds: open.openSeconds};
                break;
            case "fill": await open.fill(request.depth); break;
            case "prefill": answer = {seconds: await open.prefill(request.depth, request.tokens)}; break;
            case "decode": answer = {seconds: await open.decode(request.depth, request.tokens)}; break;
            case "memory": answer = memory(open.file); break;
            case "close": await open.close(); break;
            default: throw new Error(`unknown request: ${line}`);
        }
        console.log(JSON.stringify(answer));
    }
}

function options(args) {
    const found = {};
    for (let i = 0; i < args.length; i += 2) {
        found[args[i].replace(/^-+/, "")] = Number(args[i + 1]);
    }
    return found;
}

const [command, ...args] = process.argv.slice(2);
const readJson = name => JSON.parse(readFileSync(name, "utf8"));
const addon = await open();
switch (command) {
    case "probabilities":
        console.log(JSON.stringify(await probabilities(addon, {
            model: args[0], tokens: readJson(args[1]), positions: readJson(args[2]), threads: options(args.slice(3)).t
        })));
        break;
    case "bench":
        console.log(JSON.stringify(await bench(addon, {model: args[0], ...options(args.slice(1))})));
        break;
    case "first":
        console.log(JSON.stringify(await first(addon, {model: args[0], ...options(args.slice(1))})));
        break;
    case "serve": await serve(addon); break;
    default:
        console.error("usage: llama.mjs probabilities | bench | first | serve; the head of this file says how");
        process.exit(2);
}
process.exit(0); // the addon keeps threads
